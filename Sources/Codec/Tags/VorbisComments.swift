import Audio

/// The comments of Ogg's formats and FLAC (https://www.xiph.org/vorbis/doc/v-comment.html).
enum VorbisComments {
    private static let maximumComments = 1 << 14
    private static let textBytes = 1 << 18
    /// Longest name of a known field, in bytes.
    private static let nameBytes = 64

    /// Reads from the vendor string on; bytes behind the last comment are ignored.
    static func read(_ cursor: inout TagCursor, _ pictures: inout PictureChoice) -> TagValues {
        var values = TagValues()
        guard let vendor = cursor.number(4, .little), vendor <= cursor.remaining else { return values }
        cursor.skip(vendor)
        guard let count = cursor.number(4, .little) else { return values }
        // Art in comments is base64; COVERART is its unofficial forerunner, with a separate MIME type.
        var oldArt: [UInt8]?
        for _ in 0..<min(count, maximumComments) {
            guard let length = cursor.number(4, .little), length <= cursor.remaining else { break }
            let head = cursor.read(min(length, nameBytes))
            let rest = length - head.count
            guard let separator = head.firstIndex(of: 0x3D) else {
                cursor.skip(rest)
                continue
            }
            let name = String(decoding: head[..<separator], as: UTF8.self)
            let isPicture = name.lowercased() == "metadata_block_picture"
            if isPicture || name.lowercased() == "coverart" {
                guard pictures.mayTake(length / 4 * 3) else {
                    cursor.skip(rest)
                    continue
                }
                guard let bytes = Base64.decoded(head[(separator + 1)...] + cursor.read(rest)) else { continue }
                if isPicture { offer(pictureBlock: bytes, to: &pictures) } else { oldArt = oldArt ?? bytes }
            } else {
                let tail = cursor.read(min(rest, textBytes))
                cursor.skip(rest - tail.count)
                values.add(name: name, .utf8(head[(separator + 1)...] + tail))
            }
        }
        if let oldArt { pictures.offer(oldArt, type: 0) }
        return values.resolved()
    }

    /// A FLAC picture block (RFC 9639 §8.8).
    static func offer(pictureBlock block: [UInt8], to pictures: inout PictureChoice) {
        var reader = BlockReader(block)
        guard let type = reader.number(4, .big), let media = reader.number(4, .big), reader.take(media) != nil,
            let description = reader.number(4, .big), reader.take(description) != nil, reader.take(16) != nil,
            let length = reader.number(4, .big), let bytes = reader.take(length)
        else { return }
        pictures.offer(bytes, type: type)
    }
}
