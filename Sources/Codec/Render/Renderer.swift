public import Audio

/// Renders chunks: packets in, encoded frames out. One owner, one job at a time; buffers are reused from job to job.
///
/// A chunk's bytes depend only on the job and its packets, never on earlier jobs.
public struct Renderer: ~Copyable {
    private var tools = DecodingTools()
    private var signal = SignalBuffer()
    private var output = EncodedBytes()
    private var opus: OpusChunkEncoder?

    public init() {}

    /// Renders one chunk and emits its bytes in pieces as they are made: MP3 the first at once and then about 4 KiB each, Opus 25
    /// packets each, back to back; FLAC in some 32 KiB and AAC fragment by fragment, as ``EncodedFrames``.
    ///
    /// `packets` holds the job's packets with the bytes to skip between them. The pieces add up to `job.byteCount` (FLAC: at
    /// most), or the call throws. Pieces emitted before a throw are right as far as they go, unless the encoder itself failed.
    public mutating func render(_ job: RenderJob, packets: RawSpan, emit: (RawSpan) -> Void) throws(RenderError) {
        try job.check(against: packets.byteCount)
        switch job.ladder {
        case .mp3:
            var encoder = try MP3Encoder(job)
            try run(job, packets, &encoder, pieces: (1, 4096), emit)
        case .opus:
            var encoder: OpusChunkEncoder
            if let kept = opus.take(), kept.channels == job.output.channels {
                encoder = kept
            } else {
                encoder = try OpusChunkEncoder(channels: job.output.channels)
            }
            try encoder.prepare(job)
            let piece = job.byteCount / job.frames * 25
            try run(job, packets, &encoder, pieces: (piece, piece), emit)
            opus = consume encoder
        case .flac:
            var encoder = try FLACEncoder(job)
            try run(job, packets, &encoder, pieces: (EncodedBytes.room, EncodedBytes.room), emit)
        case .aac:
            try renderAAC(job, packets, emit)
        }
        guard job.ladder.hasKnownSizes ? output.total == job.byteCount : output.total <= job.byteCount else {
            throw RenderError("the chunk has \(output.total) bytes instead of \(job.byteCount)")
        }
    }

    /// Renders a chunk of AAC, and fills it up with zeros.
    private mutating func renderAAC(
        _ job: RenderJob, _ packets: RawSpan, _ emit: (RawSpan) -> Void
    ) throws(RenderError) {
        var encoder = try AACEncoder(job)
        output.prepare(firstPiece: .max, laterPieces: .max)
        try feed(job, packets, &encoder, emit)
        guard encoder.missing == 0 else { throw RenderError("the chunk lacks \(encoder.missing) frames") }
        while output.total < job.byteCount {
            output.fill(min(EncodedBytes.room, job.byteCount - output.total))
            output.emit(isLast: false, to: emit)
        }
        output.emit(isLast: true, to: emit)
    }

    /// Feeds `encoder` the whole chunk and emits its output; `pieces`: bytes of the first piece and of the later ones.
    mutating func run<Encoder: FrameEncoder & ~Copyable>(
        _ job: RenderJob, _ packets: RawSpan, _ encoder: inout Encoder, pieces: (first: Int, later: Int) = (1, 1),
        _ emit: (RawSpan) -> Void
    ) throws(RenderError) {
        output.prepare(firstPiece: pieces.first, laterPieces: pieces.later)
        try feed(job, packets, &encoder, emit)
        output.emit(isLast: true, to: emit)
    }

    /// Feeds `encoder` every whole frame as soon as it is decoded.
    private mutating func feed<Encoder: FrameEncoder & ~Copyable>(
        _ job: RenderJob, _ packets: RawSpan, _ encoder: inout Encoder, _ emit: (RawSpan) -> Void
    ) throws(RenderError) {
        var source = try ChunkSource(job, interleaved: Encoder.readsInterleaved, into: &signal)
        var sample = 0
        var hasMore = true
        while hasMore {
            hasMore = try source.advance(&signal, from: packets, with: &tools)
            while sample + job.samplesPerFrame <= signal.filled {
                try encoder.encode(signal, at: sample, into: &output)
                sample += job.samplesPerFrame
                guard output.total <= job.byteCount else { throw RenderError("the chunk exceeds its \(job.byteCount) bytes") }
                output.emit(isLast: false, to: emit)
            }
        }
    }
}

extension RenderJob {
    /// Positions and lengths beyond these would overflow; no track has them.
    fileprivate static let positions = -(1 << 44)...(1 << 44)
    private static let maximumInput = 1 << 23

    /// Throws if the job is inconsistent, so that later code need not check again.
    func check(against packetBytes: Int) throws(RenderError) {
        var rest = packetBytes
        try first.check(against: &rest)
        var before = first
        for span in following {
            try span.check(against: &rest)
            if span.resampledStart == nil {
                guard span.sourceRange.lowerBound == before.sourceRange.upperBound,
                    span.source.channels == before.source.channels, span.source.sampleRate == before.source.sampleRate
                else { throw RenderError("a span does not go on where the one before it ends") }
            }
            before = span
        }
        guard
            [encoderStart, outputSamples].allSatisfy(Self.positions.contains), (1...2).contains(output.channels),
            output.sampleRate > 0, outputSamples >= 0, frames > 0, preRollFrames >= 0, lookAheadFrames >= 0,
            samplesPerFrame > 0, byteCount > 0, byteCount <= 1 << 24,
            frames <= 1 << 14, preRollFrames <= 1 << 12, lookAheadFrames <= 1 << 12, samplesPerFrame <= 1 << 13,
            (preRollFrames + frames + lookAheadFrames) * samplesPerFrame <= Self.maximumInput
        else { throw RenderError("the job is out of bounds") }
    }
}

extension RenderJob.Span {
    /// Throws if the span is inconsistent, or needs more than the `rest` bytes; else takes its bytes from `rest`.
    fileprivate func check(against rest: inout Int) throws(RenderError) {
        for packet in packets {
            guard packet.skip >= 0, packet.size >= 0, packet.samples >= 0, packet.skip <= rest,
                packet.size <= rest - packet.skip, packet.size <= PacketTable.Limit.packetBytes,
                packet.samples <= PacketTable.Limit.packetSamples
            else { throw RenderError("the job's packets need more than its bytes") }
            rest -= packet.skip + packet.size
        }
        guard
            [firstPacketSample, sourceRange.lowerBound, sourceRange.upperBound, resampledStart ?? 0]
                .allSatisfy(RenderJob.positions.contains), SourceFormat.Limit.sampleRates.contains(source.sampleRate),
            SourceFormat.Limit.channels.contains(source.channels), firstPacketSample <= sourceRange.lowerBound
        else { throw RenderError("the job is out of bounds") }
    }
}
