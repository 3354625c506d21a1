/// The first link of a chained Ogg file (RFC 3533 §4): what comes behind it is another track.
struct OggChain {
    private static let resynchronisation = 1 << 16

    /// Where the first link ends, in bytes of the file; the file's end where it is the only one.
    let end: Int

    init(_ file: InputFile, from start: Int) {
        var position = start
        var hasData = false
        var misses = 0
        while let page = Self.page(file, at: position) {
            if page.begins, hasData {
                end = position
                return
            }
            hasData = hasData || !page.begins
            position += page.size
            // Damage between pages: look for the next one nearby, a few times.
            if position < file.size, Self.page(file, at: position) == nil, misses < 16 {
                misses += 1
                position = Self.resynchronise(file, from: position)
            }
        }
        end = file.size
    }

    private static func page(_ file: InputFile, at position: Int) -> (size: Int, begins: Bool)? {
        let head = file.bytes(at: position, count: 27 + 255)
        guard head.count >= 27, head.starts(with: Array("OggS".utf8)) else { return nil }
        let body = 27 + Int(head[26])
        guard body <= head.count else { return nil }
        return (body + head[27..<body].reduce(0) { $0 + Int($1) }, head[5] & 2 != 0)
    }

    private static func resynchronise(_ file: InputFile, from position: Int) -> Int {
        let bytes = file.bytes(at: position, count: resynchronisation)
        let magic = Array("OggS".utf8)
        return bytes.indices.first { bytes[$0] == magic[0] && bytes[$0...].starts(with: magic) }.map { position + $0 }
            ?? file.size
    }
}
