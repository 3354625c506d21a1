/// Tags made by hand, byte by byte, after the formats' specifications.
enum MadeTags {
    static func big(_ number: Int, _ count: Int) -> [UInt8] {
        (0..<count).reversed().map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }

    static func little(_ number: Int, _ count: Int) -> [UInt8] { big(number, count).reversed() }

    static func synchsafe(_ number: Int) -> [UInt8] {
        [21, 14, 7, 0].map { UInt8(truncatingIfNeeded: number >> $0) & 0x7F }
    }

    static func utf16(_ text: String, mark: Bool = true) -> [UInt8] {
        (mark ? [0xFF, 0xFE] : []) + text.utf16.flatMap { little(Int($0), 2) }
    }

    // MARK: ID3

    static func id3(_ version: UInt8, flags: UInt8 = 0, _ body: [UInt8]) -> [UInt8] {
        Array("ID3".utf8) + [version, 0, flags] + synchsafe(body.count) + body
    }

    static func frame(_ version: UInt8, _ name: String, flags: Int = 0, _ content: [UInt8]) -> [UInt8] {
        switch version {
        case 2: Array(name.utf8) + big(content.count, 3) + content
        case 3: Array(name.utf8) + big(content.count, 4) + big(flags, 2) + content
        default: Array(name.utf8) + synchsafe(content.count) + big(flags, 2) + content
        }
    }

    static func text(_ version: UInt8, _ name: String, _ text: String) -> [UInt8] {
        frame(version, name, version == 4 ? [3] + Array(text.utf8) : [1] + utf16(text))
    }

    static func latin(_ version: UInt8, _ name: String, _ bytes: [UInt8]) -> [UInt8] { frame(version, name, [0] + bytes) }

    /// ID3v1, its fields cut and filled with zeros.
    static func id3v1(
        title: [UInt8] = [], artist: [UInt8] = [], album: [UInt8] = [], year: String = "", comment: String = "", track: UInt8 = 0,
        genre: UInt8 = 255
    ) -> [UInt8] {
        func field(_ bytes: [UInt8], _ count: Int) -> [UInt8] {
            Array(bytes.prefix(count)) + [UInt8](repeating: 0, count: max(0, count - bytes.count))
        }
        let names = field(title, 30) + field(artist, 30) + field(album, 30)
        return Array("TAG".utf8) + names + field(Array(year.utf8), 4) + field(Array(comment.utf8), 28) + [0, track, genre]
    }

    // MARK: The others

    static func ape(_ items: [(key: String, value: [UInt8], binary: Bool)], header: Bool = true) -> [UInt8] {
        var body: [UInt8] = []
        for item in items {
            body += little(item.value.count, 4) + little(item.binary ? 2 : 0, 4)
            body += Array(item.key.utf8) + [0] + item.value
        }
        func descriptor(_ flags: Int) -> [UInt8] {
            let numbers = little(2000, 4) + little(body.count + 32, 4) + little(items.count, 4) + little(flags, 4)
            return Array("APETAGEX".utf8) + numbers + big(0, 8)
        }
        return (header ? descriptor(0xA000_0000) : []) + body + descriptor(header ? 0x8000_0000 : 0)
    }

    static func comments(_ texts: [String]) -> [UInt8] {
        var bytes = little(4, 4) + Array("test".utf8) + little(texts.count, 4)
        for text in texts { bytes += little(text.utf8.count, 4) + Array(text.utf8) }
        return bytes
    }

    static func flac(_ blocks: [(type: Int, body: [UInt8])]) -> [UInt8] {
        let info = (type: 0, body: big(0, 10) + big(44_100 << 4, 3) + big(0, 21))
        let all = [info] + blocks
        var bytes = Array("fLaC".utf8)
        for (index, block) in all.enumerated() {
            bytes += big(block.type | (index == all.count - 1 ? 0x80 : 0), 1) + big(block.body.count, 3) + block.body
        }
        return bytes
    }

    static func pictureBlock(_ type: Int, _ picture: [UInt8]) -> [UInt8] {
        big(type, 4) + big(9, 4) + Array("image/png".utf8) + big(0, 4) + big(0, 16) + big(picture.count, 4) + picture
    }

    /// Pages of one stream, each packet beginning on a page of its own, pages of at most `segments` segments.
    static func ogg(_ packets: [[UInt8]], segments: Int = 255) -> [UInt8] {
        var bytes: [UInt8] = []
        for (index, packet) in packets.enumerated() {
            var lacing = [UInt8](repeating: 255, count: packet.count / 255) + [UInt8(packet.count % 255)]
            var rest = packet[...]
            while !lacing.isEmpty {
                let page = Array(lacing.prefix(segments))
                let size = page.reduce(0) { $0 + Int($1) }
                bytes +=
                    Array("OggS".utf8) + [0, index == 0 ? 2 : 0] + big(0, 8) + little(77, 4) + big(0, 8) + [UInt8(page.count)]
                bytes += page + rest.prefix(size)
                lacing.removeFirst(page.count)
                rest = rest.dropFirst(size)
            }
        }
        return bytes
    }

    static func box(_ name: String, _ body: [UInt8], long: Bool = false) -> [UInt8] {
        let letters = name.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
        return long
            ? big(1, 4) + letters + big(body.count + 16, 8) + body : big(body.count + 8, 4) + letters + body
    }

    static func item(_ name: String, type: Int = 1, _ value: [UInt8]) -> [UInt8] {
        box(name, box("data", big(type, 4) + big(0, 4) + value))
    }

    static func freeform(_ name: String, _ value: String) -> [UInt8] {
        box(
            "----",
            box("mean", big(0, 4) + Array("com.apple.iTunes".utf8)) + box("name", big(0, 4) + Array(name.utf8))
                + box("data", big(1, 4) + big(0, 4) + Array(value.utf8)))
    }

    static func mp4(_ items: [UInt8], full: Bool = true, long: Bool = false, movieLast: Bool = false) -> [UInt8] {
        let handler = box("hdlr", big(0, 25))
        let prefix: [UInt8] = full ? big(0, 4) : []
        let meta = box("meta", prefix + handler + box("ilst", items))
        let movie = box("moov", box("mvhd", big(0, 100)) + box("udta", meta), long: long)
        let sound = box("mdat", big(0, 200), long: long)
        return box("ftyp", Array("M4A \0\0\0\0".utf8)) + (movieLast ? sound + movie : movie + sound)
    }

    static func chunk(_ name: String, _ body: [UInt8], big isBig: Bool = false) -> [UInt8] {
        Array(name.utf8) + (isBig ? big(body.count, 4) : little(body.count, 4)) + body + (body.count % 2 == 0 ? [] : [0])
    }

    static func wav(_ chunks: [UInt8]) -> [UInt8] {
        Array("RIFF".utf8) + little(chunks.count + 4, 4) + Array("WAVE".utf8) + chunks
    }

    static func aiff(_ chunks: [UInt8]) -> [UInt8] {
        Array("FORM".utf8) + big(chunks.count + 4, 4) + Array("AIFF".utf8) + chunks
    }

    // MARK: Pictures

    static func png(_ width: Int = 3, _ height: Int = 2, padding: Int = 0) -> [UInt8] {
        let magic: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        let size = big(width, 4) + big(height, 4)
        return magic + big(13, 4) + Array("IHDR".utf8) + size + [UInt8](repeating: 1, count: 9 + padding)
    }

    static func jpeg(_ width: Int, _ height: Int) -> [UInt8] {
        let start: [UInt8] = [0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 0, 0, 0xFF, 0xC2, 0, 11, 8]
        return start + big(height, 2) + big(width, 2) + [1, 1, 1, 1]
    }
}
