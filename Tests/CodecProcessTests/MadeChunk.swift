import Audio

/// One chunk of a made track of stereo 16-bit PCM at 44.1 kHz: two tones that drift apart, under a little noise.
struct MadeChunk {
    let job: RenderJob
    let packets: [UInt8]

    private static let seconds = 4
    private static let signal: [UInt8] = {
        var noise: UInt32 = 1
        var bytes: [UInt8] = []
        bytes.reserveCapacity(seconds * 44_100 * 4)
        for sample in 0..<(seconds * 44_100) {
            noise = noise &* 1_664_525 &+ 1_013_904_223
            for step in [100, 101 + sample / 44_100] {
                // A triangle wave: `step` of its 16-bit phase a sample.
                let phase = sample * step % 65_536
                let value = (phase < 32_768 ? phase : 65_535 - phase) - 16_384 + Int(noise >> 24)
                bytes.append(UInt8(truncatingIfNeeded: value))
                bytes.append(UInt8(truncatingIfNeeded: value >> 8))
            }
        }
        return bytes
    }()

    /// The second of two chunks, about 1.4 s; or 0.4 s of one where the track is cut to three seconds.
    init?(_ rendition: String = "mp3-128", trackSeconds: Int = seconds) {
        let samples = trackSeconds * 44_100
        var table = PacketTable()
        for start in stride(from: 0, to: samples, by: 4096) {
            let count = min(4096, samples - start)
            guard table.append(offset: start * 4, size: count * 4, samples: count) else { return nil }
        }
        let source = SourceFormat(codec: .pcmS16LE, sampleRate: 44_100, channels: 2, bitsPerSample: 16, blockAlign: 4)
        let map = TrackMap(
            container: "wav", source: source, originalBytes: samples * 4, leadIn: 0, samples: samples, packets: table,
            usesPacketFile: false)
        guard let rung = Rendition(named: rendition), let grid = FrameGrid(rung, source: source, samples: samples),
            let plan = RenderPlan(map, grid: grid, chunk: 1)
        else { return nil }
        job = plan.job
        packets = Array(Self.signal[plan.byteRange])
    }

    private init(job: RenderJob, packets: [UInt8]) {
        self.job = job
        self.packets = packets
    }

    /// The same job, of packets that are MPEG frames by their first four bytes and noise after them.
    var asBadMP3: MadeChunk {
        var job = job
        job.source.codec = .mp3
        var packets = packets.indices.map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7 &* 31) }
        var start = 0
        for packet in job.packets where start + packet.skip + packet.size <= packets.count && packet.size >= 4 {
            packets.replaceSubrange(start + packet.skip..<start + packet.skip + 4, with: [0xFF, 0xFB, 0x90, 0x64])
            start += packet.skip + packet.size
        }
        return MadeChunk(job: job, packets: packets)
    }
}
