/// Tells a file that was cut off from a whole one, where the container says how it ends.
enum FileEnd {
    /// A page is 65,307 bytes at most (RFC 3533 §6).
    private static let tail = 1 << 17
    /// What writers that cannot seek back leave as a RIFF size.
    private static let unknownSize = 0x7FFF_0000

    static func isMissing(from file: InputFile, _ container: Container) -> Bool {
        switch container {
        case .wav: isCutRIFF(file)
        case .ogg: isCutOgg(file)
        default: false
        }
    }

    private static func isCutRIFF(_ file: InputFile) -> Bool {
        let head = file.bytes(at: 0, count: 8)
        guard head.starts(with: Array("RIFF".utf8)), head.count == 8 else { return false }
        let size = (4..<8).reversed().reduce(0) { $0 << 8 | Int(head[$1]) }
        // One byte less is forgiven: the pad byte of an odd last chunk.
        return size < unknownSize && size + 8 > file.size + 1
    }

    /// Whether the last page is not whole, or does not say that its stream ends there (RFC 3533 §6).
    private static func isCutOgg(_ file: InputFile) -> Bool {
        let bytes = file.bytes(at: max(0, file.size - tail), count: tail)
        let magic = Array("OggS".utf8)
        guard let page = bytes.indices.last(where: { bytes[$0] == magic[0] && bytes[$0...].starts(with: magic) }),
            page + 27 <= bytes.count
        else { return true }
        let body = page + 27 + Int(bytes[page + 26])
        guard body <= bytes.count else { return true }
        let end = body + bytes[(page + 27)..<body].reduce(0) { $0 + Int($1) }
        return end > bytes.count || bytes[page + 5] & 4 == 0
    }
}
