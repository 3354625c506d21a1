import Audio
import Testing

/// Bytes without a pattern, the same for the same seed.
func noise(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
    var state = seed
    return (0..<count).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return UInt8(truncatingIfNeeded: state >> 56)
    }
}

func map(originalBytes: Int, packetFileBytes: Int? = nil) throws -> TrackMap {
    var packets = PacketTable()
    let fits = packets.append(offset: 0, size: packetFileBytes ?? originalBytes, samples: 1000)
    try #require(fits)
    return TrackMap(
        container: "wav", source: SourceFormat(codec: .pcmS16LE, sampleRate: 44_100, channels: 2),
        originalBytes: originalBytes, leadIn: 0, samples: 1000, packets: packets, usesPacketFile: packetFileBytes != nil,
        tags: TrackTags(title: "Title"))
}
