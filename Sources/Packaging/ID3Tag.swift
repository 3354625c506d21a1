import Audio

/// An ID3v2.4 tag of a constant size (id3.org/id3v2.4.0-structure).
enum ID3Tag {
    /// Bytes of every tag, its own header included.
    static let byteCount = 1024

    private static let headerBytes = 10
    private static let frameHeaderBytes = 10
    private static let utf8Encoding: UInt8 = 3

    /// The tag: a text frame (id3v2.4.0-frames §4.2) for each known field, cut if needed, then zeros.
    static func bytes(for tags: TrackTags) -> [UInt8] {
        let fields = fields(of: tags)
        let overhead = headerBytes + fields.count * (frameHeaderBytes + 1)
        let texts = TextBudget.fit(fields.map(\.text), into: byteCount - overhead)

        var tag = Array("ID3".utf8) + [4, 0, 0]
        tag.reserveCapacity(byteCount)
        tag.append(bigEndian: synchsafe(byteCount - headerBytes))
        for (field, text) in zip(fields, texts) where !text.isEmpty {
            tag += Array(field.identifier.utf8)
            tag.append(bigEndian: synchsafe(text.count + 1))
            tag.append(bigEndian: 0 as UInt16)
            tag.append(utf8Encoding)
            tag += text
        }
        tag.pad(to: byteCount)
        return tag
    }

    private static func fields(of tags: TrackTags) -> [(identifier: String, text: String)] {
        let all = [
            ("TIT2", tags.title), ("TPE1", tags.artist), ("TPE2", tags.albumArtist), ("TALB", tags.album),
            ("TCON", tags.genres.first ?? ""), ("TRCK", number(tags.track)), ("TPOS", number(tags.disc)),
            // A timestamp has a year of four digits (id3v2.4.0-structure §4).
            ("TDRC", (1000...9999).contains(tags.year) ? number(tags.year) : "")
        ]
        return all.filter { !$0.1.isEmpty }
    }

    private static func number(_ value: Int) -> String { value > 0 ? String(value) : "" }

    /// Seven bits a byte (id3v2.4.0-structure §6.2).
    private static func synchsafe(_ value: Int) -> UInt32 {
        (0..<4).reduce(0) { $0 | UInt32(truncatingIfNeeded: value >> ($1 * 7) & 0x7F) << ($1 * 8) }
    }
}
