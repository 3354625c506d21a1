/// The common properties of the frames of a free-format MP3 (ISO 11172-3 §2.4.2.3, bitrate index 0): above all their size, which
/// no header states.
struct FreeFormat {
    /// LAME writes up to 640 kbit/s; at 8 kHz that makes the largest frame.
    private static let maximumBytes = 5760

    /// The first frame's header.
    let header: LayerIIIHeader
    /// Bytes from one header to the next if the padding bit is not set.
    let frameBytes: Int

    /// Assumes that the frame at `offset` reaches to the next header like its own. Nil if there is none, or if the frame is of
    /// another format.
    ///
    /// - Parameter skipping: how many such headers to skip as sound that looks like one, judging by the data behind them.
    init?(_ bytes: [UInt8], at offset: Int, skipping: Int = 0) {
        guard let header = LayerIIIHeader(bytes, at: offset), header.bitrateIndex == 0 else { return nil }
        let least = offset + LayerIIIHeader.length + header.checkBytes + header.sideBytes + header.padding
        let end = min(bytes.count, offset + Self.maximumBytes + header.padding + 1)
        guard least < end else { return nil }
        var rest = skipping
        for next in least..<end where bytes[next] == 0xFF {
            guard let other = LayerIIIHeader(bytes, at: next), Self.isAlike(header, other) else { continue }
            if rest == 0 {
                self.header = header
                frameBytes = next - offset - header.padding
                return
            }
            rest -= 1
        }
        return nil
    }

    private static func isAlike(_ one: LayerIIIHeader, _ other: LayerIIIHeader) -> Bool {
        other.bitrateIndex == 0 && other.signature == one.signature && other.channels == one.channels
    }

    /// Bytes from the header to the next; nil if it is not of this format.
    func size(of other: LayerIIIHeader) -> Int? {
        let size = frameBytes + other.padding
        guard other.bitrateIndex == 0, other.signature == header.signature,
            size >= LayerIIIHeader.length + other.checkBytes + other.sideBytes
        else { return nil }
        return size
    }

    /// Bit/s.
    var bitRate: Int { frameBytes * 8 * header.sampleRate / header.samples }
}
