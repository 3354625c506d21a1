/// The metadata blocks of a FLAC file (RFC 9639 §8): where its frames begin, and the one block a decoder needs.
struct FLACHeader {
    private static let maximumBlocks = 4096
    private static let streamInfoBytes = 34

    /// `fLaC` and the STREAMINFO block, marked as the last.
    let head: [UInt8]
    /// First byte behind the last block.
    let frames: Int

    /// Nil if the blocks make no sense.
    init?(_ file: InputFile, at start: Int) {
        var position = start + 4
        var head: [UInt8]?
        for _ in 0..<Self.maximumBlocks {
            let block = file.bytes(at: position, count: 4 + Self.streamInfoBytes)
            guard block.count >= 4 else { return nil }
            let size = Int(block[1]) << 16 | Int(block[2]) << 8 | Int(block[3])
            if block[0] & 0x7F == 0, head == nil, size == Self.streamInfoBytes, block.count == 4 + size {
                head = Array("fLaC".utf8) + [0x80] + block[1...]
            }
            position += 4 + size
            guard position <= file.size else { return nil }
            if block[0] & 0x80 != 0 {
                guard let head else { return nil }
                (self.head, frames) = (head, position)
                return
            }
        }
        return nil
    }
}
