/// Tells a truncated file from a whole one, if the container states how it ends.
enum FileEnd {
    /// A page is 65,307 bytes at most (RFC 3533 §6).
    private static let tail = 1 << 17
    /// The RIFF size left by writers that cannot seek back.
    private static let unknownSize = 0x7FFF_0000

    static func isMissing(from sound: SoundFile) -> Bool {
        switch sound.container {
        case .wav: isCutRIFF(sound.file)
        case .ogg: isCutOgg(sound.file, end: sound.view.fileEnd)
        default: false
        }
    }

    private static func isCutRIFF(_ file: InputFile) -> Bool {
        let head = file.bytes(at: 0, count: 8)
        guard head.starts(with: Array("RIFF".utf8)), head.count == 8 else { return false }
        let size = (4..<8).reversed().reduce(0) { $0 << 8 | Int(head[$1]) }
        // One byte less is accepted: the pad byte of an odd last chunk.
        return size < unknownSize && size + 8 > file.size + 1
    }

    /// Whether the last page is truncated, or does not end its stream (RFC 3533 §6).
    private static func isCutOgg(_ file: InputFile, end: Int) -> Bool {
        let bytes = file.bytes(at: max(0, end - tail), count: min(tail, end))
        let magic = Array("OggS".utf8)
        guard let page = bytes.indices.last(where: { bytes[$0] == magic[0] && bytes[$0...].starts(with: magic) }),
            page + 27 <= bytes.count
        else { return true }
        let body = page + 27 + Int(bytes[page + 26])
        guard body <= bytes.count else { return true }
        let pageEnd = body + bytes[(page + 27)..<body].reduce(0) { $0 + Int($1) }
        return pageEnd > bytes.count || bytes[page + 5] & 4 == 0
    }
}
