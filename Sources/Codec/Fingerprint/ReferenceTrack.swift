import Audio
import CFFmpeg

/// A track made on the spot for the fingerprint: its map, and the packets back to back.
struct ReferenceTrack {
    private var map: TrackMap
    private(set) var store: [UInt8] = []

    private init(_ source: SourceFormat, samples: Int, leadIn: Int = 0) {
        map = TrackMap(
            container: "", source: source, originalBytes: 0, leadIn: leadIn, samples: samples, packets: PacketTable(),
            usesPacketFile: true)
    }

    private mutating func append(_ packet: some Collection<UInt8>, samples: Int) throws(RenderError) {
        guard map.packets.append(offset: store.count, size: packet.count, samples: samples) else {
            throw RenderError("the reference track is out of bounds")
        }
        store.append(contentsOf: packet)
    }

    init(pcm signal: TestSignal, sampleRate: Int) throws(RenderError) {
        let frame = 2 * signal.channels
        self.init(
            SourceFormat(
                codec: .pcmS16LE, sampleRate: sampleRate, channels: signal.channels, bitsPerSample: 16, blockAlign: frame),
            samples: signal.count)
        let bytes = signal.samples.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
        for start in stride(from: 0, to: signal.count, by: 4096) {
            let end = min(signal.count, start + 4096)
            try append(bytes[(start * frame)..<(end * frame)], samples: end - start)
        }
    }

    /// A track of MPEG-1 frames.
    init(mp3 bytes: [UInt8], samples: Int) throws(RenderError) {
        self.init(SourceFormat(codec: .mp3, sampleRate: 44_100, channels: 2), samples: samples)
        var offset = 0
        while let header = FrameHeader(bytes, at: offset), offset + header.size <= bytes.count {
            try append(bytes[offset..<(offset + header.size)], samples: 1152)
            offset += header.size
        }
    }

    /// A track of stereo packets at 64 kbit/s.
    init(opus bytes: [UInt8], samples: Int) throws(RenderError) {
        // The identification header: version 1, 2 channels, pre-skip 312, 48 kHz, no gain, mapping family 0 (RFC 7845 §5.1).
        let head = Array("OpusHead".utf8) + [1, 2, 0x38, 0x01, 0x80, 0xBB, 0, 0, 0, 0, 0]
        self.init(SourceFormat(codec: .opus, sampleRate: 48_000, channels: 2, extradata: head), samples: samples, leadIn: 312)
        for start in stride(from: 0, to: bytes.count - 159, by: 160) { try append(bytes[start..<(start + 160)], samples: 960) }
    }

    /// Encodes `signal` with libavcodec.
    init(_ signal: TestSignal, in codec: SourceCodec, sampleRate: Int) throws(RenderError) {
        let encoder = try ReferenceEncoder(codec, sampleRate: sampleRate, channels: signal.channels)
        self.init(
            SourceFormat(
                codec: codec, sampleRate: sampleRate, channels: signal.channels, bitsPerSample: codec.isLossless ? 16 : 0,
                blockAlign: encoder.blockAlign, bitRate: codec.isWindowsMedia ? ReferenceEncoder.bitRate : 0,
                extradata: encoder.extradata),
            samples: signal.count)
        for start in stride(from: 0, to: signal.count, by: encoder.frameSamples) {
            try encoder.send(signal, from: start)
            while let packet = encoder.receive() { try append(packet.bytes, samples: packet.samples) }
        }
        try encoder.finish()
        while let packet = encoder.receive() { try append(packet.bytes, samples: packet.samples) }
        map.samples = min(map.samples, map.packets.sampleCount)
    }

    private func grid(_ name: String) throws(RenderError) -> FrameGrid {
        guard let rendition = Rendition(named: name),
            let grid = FrameGrid(rendition, source: map.source, samples: map.samples)
        else { throw RenderError("the reference track has no \(name)") }
        return grid
    }

    /// How to render the last frames of the track's one chunk as if they were a chunk that begins a segment; nil if a first chunk
    /// is made the same way.
    func laterChunk(_ name: String) throws(RenderError) -> (job: RenderJob, byteRange: Range<Int>)? {
        let grid = try grid(name)
        guard let plan = RenderPlan(map, grid: grid, chunk: 0) else { throw RenderError("the reference track has no chunk") }
        var job = plan.job
        let chunk = FrameGrid.chunksPerSegment
        guard grid.preRollFrames(ofChunk: chunk) != job.preRollFrames else { return nil }
        job.frames = min(10, job.frames)
        job.preRollFrames = grid.preRollFrames(ofChunk: chunk)
        job.encoderStart = (plan.job.frames - job.frames - job.preRollFrames) * job.samplesPerFrame
        job.standsAlone = grid.standsAlone(chunk: chunk)
        job.byteCount = grid.byteCount(ofFrames: job.frames, inChunk: chunk)
        return (job, plan.byteRange)
    }

    /// How to render every chunk of the rung called `name`.
    func plans(_ name: String) throws(RenderError) -> [RenderPlan] {
        let grid = try grid(name)
        var plans: [RenderPlan] = []
        for chunk in 0..<grid.chunkCount {
            guard let plan = RenderPlan(map, grid: grid, chunk: chunk) else {
                throw RenderError("the reference track has no chunk \(chunk)")
            }
            plans.append(plan)
        }
        return plans
    }
}
