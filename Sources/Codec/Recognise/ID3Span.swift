/// The sizes of tags before, behind or between a file's frames, so that they can be skipped unread.
enum ID3Span {
    private static let apeFooterBytes = 32

    /// Bytes of the ID3v2 tag `bytes` begin with (id3.org, ID3v2.4 §3.1), footer included; nil if there is none.
    static func size(of bytes: some Collection<UInt8>) -> Int? {
        let head = Array(bytes.prefix(10))
        guard head.count == 10, head.starts(with: Array("ID3".utf8)), head[3] != 0xFF, head[4] != 0xFF,
            head[6..<10].allSatisfy({ $0 < 0x80 })
        else { return nil }
        return 10 + head[6..<10].reduce(0) { $0 << 7 | Int($1) } + (head[5] & 0x10 == 0 ? 0 : 10)
    }

    /// Whether a tag that belongs to a file's end begins at `offset`.
    static func isTrailer(_ bytes: [UInt8], at offset: Int) -> Bool {
        let rest = bytes.dropFirst(offset)
        return rest.starts(with: Array("TAG".utf8)) || rest.starts(with: Array("APETAGEX".utf8))
            || rest.starts(with: Array("LYRICS".utf8)) || rest.isEmpty
    }

    /// Where the sound ends before the tags at the file's end: ID3v1 (128 bytes), Lyrics3 v2 and APE.
    static func end(of file: InputFile, from start: Int) -> Int {
        var end = file.size
        while end > start {
            let tail = file.bytes(at: max(start, end - 160), count: min(160, end - start))
            guard let size = trailerSize(tail, room: end - start) else { break }
            end -= size
        }
        return end
    }

    /// Bytes of the tag at the end of `tail`; nil if there is none.
    private static func trailerSize(_ tail: [UInt8], room: Int) -> Int? {
        if tail.count >= 128, tail.suffix(128).starts(with: Array("TAG".utf8)) { return 128 }
        let footer = tail.suffix(apeFooterBytes)
        if footer.count == apeFooterBytes, footer.starts(with: Array("APETAGEX".utf8)) {
            let fields = Array(footer)
            let size = little(fields[12..<16]) + (fields[23] & 0x80 == 0 ? 0 : apeFooterBytes)
            return size >= apeFooterBytes && size <= room ? size : nil
        }
        // Six digits of size and the end mark (id3.org/Lyrics3v2).
        let lyrics = Array(tail.suffix(15))
        if lyrics.count == 15, lyrics.suffix(9).elementsEqual("LYRICS200".utf8),
            let size = Int(String(decoding: lyrics.prefix(6), as: UTF8.self)), size > 0, size + 15 <= room
        {
            return size + 15
        }
        return nil
    }

    private static func little(_ bytes: some BidirectionalCollection<UInt8>) -> Int {
        bytes.reversed().reduce(0) { $0 << 8 | Int($1) }
    }
}
