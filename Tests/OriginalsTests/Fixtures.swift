import Audio
import Testing

func map(originalBytes: Int, packetFileBytes: Int? = nil) throws -> TrackMap {
    var packets = PacketTable()
    let fits = packets.append(offset: 0, size: packetFileBytes ?? originalBytes, samples: 1000)
    try #require(fits)
    return TrackMap(
        container: "wav", source: SourceFormat(codec: .pcmS16LE, sampleRate: 44_100, channels: 2),
        originalBytes: originalBytes, leadIn: 0, samples: 1000, packets: packets, usesPacketFile: packetFileBytes != nil,
        tags: TrackTags(title: "Title"))
}
