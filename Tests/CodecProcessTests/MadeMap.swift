import Audio

enum MadeMap {
    /// A map of `bytes` of 8-bit mono PCM, in packets of 100, made with libraries called `x`.
    static func wave(
        bytes: Int, originalBytes: Int? = nil, usesPacketFile: Bool = false, libraries: String = "x"
    ) -> TrackMap? {
        var table = PacketTable()
        for start in stride(from: 0, to: bytes, by: 100) {
            guard table.append(offset: start, size: min(100, bytes - start), samples: min(100, bytes - start)) else { return nil }
        }
        return TrackMap(
            container: "wav", source: SourceFormat(codec: .pcmU8, sampleRate: 8000, channels: 1),
            originalBytes: originalBytes ?? bytes, leadIn: 0, samples: bytes, packets: table, usesPacketFile: usesPacketFile,
            libraries: libraries)
    }
}
