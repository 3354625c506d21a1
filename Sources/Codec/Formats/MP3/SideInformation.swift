/// The side information of a layer III frame (ISO 11172-3 §2.4.1.7, ISO 13818-3 §2.4.1.7): where its main data lies.
struct SideInformation {
    /// Bytes of earlier frames' main data that belong to this frame.
    let mainDataBegin: Int
    /// Bytes of the frame's main data, wherever they lie: the sum of `part2_3_length`.
    let mainDataBytes: Int
    /// The same side information of a frame that refers to no earlier one.
    let standingAlone: [UInt8]

    /// - Parameter bytes: `header.sideBytes` of them; missing ones count as 0.
    init(_ bytes: some Sequence<UInt8>, _ header: LayerIIIHeader) {
        var bytes = Array(bytes)
        // One byte more, so that the last field can be read.
        bytes += [UInt8](repeating: 0, count: max(0, header.sideBytes - bytes.count) + 2)
        let isMono = header.channels == 1
        // Bits: up to the first granule's first channel, from channel to channel, and how many of these there are.
        let first = header.isFirst ? (isMono ? 18 : 20) : (isMono ? 9 : 10)
        let step = header.isFirst ? 59 : 63
        let count = (header.isFirst ? 2 : 1) * header.channels
        mainDataBegin = header.isFirst ? Int(bytes[0]) << 1 | Int(bytes[1] >> 7) : Int(bytes[0])
        let bits = (0..<count).reduce(0) { sum, index in
            let position = first + index * step
            let three = bytes[(position / 8)..<(position / 8 + 3)].reduce(0) { $0 << 8 | Int($1) }
            return sum + (three >> (12 - position % 8) & 0xFFF)
        }
        mainDataBytes = (bits + 7) / 8
        bytes[0] = 0
        if header.isFirst { bytes[1] &= 0x7F }
        standingAlone = Array(bytes.prefix(header.sideBytes))
    }
}
