import Audio
import CFFmpeg

/// Turns one job's packets into its chunk's signal: decode, cut or pad to the map's law, resample, place.
struct ChunkSource: ~Copyable {
    private let job: RenderJob
    private let isInterleaved: Bool
    /// The current packets, and how many of the job's later spans are begun.
    private var span: RenderJob.Span
    private var begun = 0
    private var decoder: SourceDecoder
    private var resampler: Resampler?
    private var sampleFormat = AV_SAMPLE_FMT_NONE
    /// The next packet, and where its skipped bytes begin.
    private var nextPacket = 0
    private var nextByte = 0
    /// Output position up to which the current sound is heard.
    private var soundEnd: Int
    /// Source position of the next decoded sample.
    private var position: Int
    /// Source position up to which the resampler is fed.
    private var fed: Int
    /// Resampled samples still to drop before the chunk's first.
    private var excess: Int

    /// Prepares `signal` for the job and fills in the silence before the track.
    init(_ job: RenderJob, interleaved: Bool, into signal: inout SignalBuffer) throws(RenderError) {
        self.job = job
        isInterleaved = interleaved
        span = job.first
        decoder = try SourceDecoder(job.source)
        soundEnd = job.soundEnd(from: 0)
        position = job.firstPacketSample
        fed = job.sourceRange.lowerBound
        let frames = job.preRollFrames + job.frames + job.lookAheadFrames
        signal.prepare(count: frames * job.samplesPerFrame, channels: job.output.channels, interleaved: interleaved)
        signal.appendSilence(max(0, -job.encoderStart, job.resampledStart - job.encoderStart))
        excess = max(0, job.encoderStart + signal.filled - job.resampledStart)
    }

    /// Decodes one more packet into `signal`; after the last one fills the rest. Returns false if `signal` was already complete.
    mutating func advance(
        _ signal: inout SignalBuffer, from bytes: RawSpan, with tools: inout DecodingTools
    ) throws(RenderError) -> Bool {
        guard signal.filled < signal.count else { return false }
        guard nextPacket < span.packets.count, fed < span.sourceRange.upperBound, signal.filled < audible(signal) else {
            if begun < job.following.count {
                try begin(job.following[begun], &signal, with: &tools)
            } else {
                try finish(&signal, with: &tools)
            }
            return true
        }
        let packet = span.packets[nextPacket]
        let start = nextByte + packet.skip
        nextPacket += 1
        nextByte = start + packet.size
        try decode(bytes.extracting(start..<nextByte), into: &signal, with: &tools)
        return true
    }

    private mutating func decode(
        _ bytes: RawSpan, into signal: inout SignalBuffer, with tools: inout DecodingTools
    ) throws(RenderError) {
        let end = position + span.packets[nextPacket - 1].samples
        if decoder.send(tools.packet.load(bytes)) { try receive(until: end, into: &signal, with: &tools) }
        // Samples that a decoder still holds at the end of its part belong to the last packet.
        if position < end, span.endsPart, nextPacket == span.packets.count, decoder.send(nil) {
            try receive(until: end, into: &signal, with: &tools)
        }
        try feedSilence(end - position, into: &signal, with: &tools)
    }

    private mutating func receive(
        until end: Int, into signal: inout SignalBuffer, with tools: inout DecodingTools
    ) throws(RenderError) {
        let frame = tools.frame
        while decoder.receive(frame) == .frame {
            let count = min(Int(frame.pointee.nb_samples), end - position)
            let format = AVSampleFormat(rawValue: frame.pointee.format)
            guard decoder.sampleRate == span.source.sampleRate, frame.pointee.ch_layout.nb_channels == span.source.channels,
                sampleFormat == AV_SAMPLE_FMT_NONE || sampleFormat == format, let planes = frame.pointee.extended_data
            else {
                try feedSilence(count, into: &signal, with: &tools)
                continue
            }
            if sampleFormat == AV_SAMPLE_FMT_NONE { try start(format, &tools) }
            try feed(planes, count, into: &signal, with: &tools)
        }
    }

    /// Makes the resampler, once the first frame shows the sample format.
    private mutating func start(_ format: AVSampleFormat, _ tools: inout DecodingTools) throws(RenderError) {
        resampler = try Resampler(from: span.source, format, to: job.output, interleaved: isInterleaved)
        sampleFormat = format
        tools.prepareSilence(format, channels: span.source.channels)
    }

    private mutating func feedSilence(
        _ count: Int, into signal: inout SignalBuffer, with tools: inout DecodingTools
    ) throws(RenderError) {
        var rest = count
        while rest > 0, signal.filled < audible(signal) {
            if position + rest <= fed || position >= span.sourceRange.upperBound {
                position += rest
                return
            }
            if sampleFormat == AV_SAMPLE_FMT_NONE {
                let announced = decoder.sampleFormat
                try start(announced == AV_SAMPLE_FMT_NONE ? AV_SAMPLE_FMT_FLTP : announced, &tools)
            }
            let piece = min(rest, DecodingTools.silenceSamples)
            try feed(tools.silence, piece, into: &signal, with: &tools)
            rest -= piece
        }
    }

    /// Feeds those of the `count` decoded samples that lie in the source range.
    private mutating func feed(
        _ planes: UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>, _ count: Int, into signal: inout SignalBuffer,
        with tools: inout DecodingTools
    ) throws(RenderError) {
        let first = max(fed, position)
        let last = min(position + count, span.sourceRange.upperBound)
        let skipped = first - position
        position += count
        guard first < last else { return }
        let isPlanar = av_sample_fmt_is_planar(sampleFormat) != 0
        let stride = Int(av_get_bytes_per_sample(sampleFormat)) * (isPlanar ? 1 : span.source.channels)
        for plane in 0..<(isPlanar ? span.source.channels : 1) {
            tools.input[plane] = planes[plane].map { UnsafePointer($0 + skipped * stride) }
        }
        fed = last
        try convert(tools.input, last - first, into: &signal, with: &tools)
    }

    private mutating func convert(
        _ input: UnsafeMutablePointer<UnsafePointer<UInt8>?>?, _ count: Int, into signal: inout SignalBuffer,
        with tools: inout DecodingTools
    ) throws(RenderError) {
        var input = input
        var count = count
        while true {
            // Samples before the chunk's first are written at the position of the next kept sample, which overwrites them.
            let room = min(signal.count, audible(signal)) - signal.filled
            let wanted = excess > 0 ? min(excess, room) : room
            guard wanted > 0 else { return }
            for channel in 0..<(isInterleaved ? 1 : job.output.channels) {
                tools.output[channel] = UnsafeMutableRawPointer(signal.samples(ofChannel: channel, at: signal.filled))
                    .assumingMemoryBound(to: UInt8.self)
            }
            let made = resampler?.convert(input, count, into: tools.output, wanted) ?? 0
            guard made >= 0 else { throw RenderError("libswresample failed with \(made)") }
            if excess > 0 { excess -= made } else { signal.advance(by: made) }
            // Fewer than requested: all samples inside are out.
            guard made == wanted else { return }
            // A call with input but no samples in it fetches the rest without ending the stream.
            if input != nil { (input, count) = (tools.input, 0) }
        }
    }

    /// Samples per channel of `signal` up to the end of the current sound: another part's sound or silence follows.
    private func audible(_ signal: borrowing SignalBuffer) -> Int {
        max(0, min(signal.count, soundEnd - job.encoderStart))
    }

    /// Ends the current span and continues with the next: with a new decoder, and with a new resampler if the format changes.
    private mutating func begin(
        _ next: RenderJob.Span, _ signal: inout SignalBuffer, with tools: inout DecodingTools
    ) throws(RenderError) {
        for packet in span.packets[nextPacket...] { nextByte += packet.skip + packet.size }
        try completeSpan(&signal, with: &tools, flushes: next.resampledStart != nil)
        if let start = next.resampledStart {
            signal.appendSilence(max(audible(signal), start - job.encoderStart) - signal.filled)
            resampler = nil
            sampleFormat = AV_SAMPLE_FMT_NONE
            fed = next.sourceRange.lowerBound
            excess = max(0, job.encoderStart + signal.filled - start)
        }
        decoder = try SourceDecoder(next.source)
        span = next
        begun += 1
        soundEnd = job.soundEnd(from: begun)
        nextPacket = 0
        position = next.firstPacketSample
    }

    private mutating func completeSpan(
        _ signal: inout SignalBuffer, with tools: inout DecodingTools, flushes: Bool
    ) throws(RenderError) {
        guard signal.filled < audible(signal) else { return }
        try feedSilence(span.sourceRange.upperBound - position, into: &signal, with: &tools)
        if flushes, span.endsPart { try convert(nil, 0, into: &signal, with: &tools) }
    }

    private mutating func finish(_ signal: inout SignalBuffer, with tools: inout DecodingTools) throws(RenderError) {
        try completeSpan(&signal, with: &tools, flushes: true)
        signal.appendSilence(signal.count - signal.filled)
    }
}

extension RenderJob {
    /// Output position up to which the sound of span `begun` is heard, counted with its own packets as the first.
    fileprivate func soundEnd(from begun: Int) -> Int {
        following[begun...].lazy.compactMap(\.resampledStart).first ?? outputSamples
    }
}
