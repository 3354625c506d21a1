/// The comment header of the first audio stream of an Ogg file: Vorbis, Opus, Speex and FLAC (RFC 3533, RFC 7845 §5.2,
/// https://xiph.org/flac/ogg_mapping.html).
enum OggTags {
    private enum Kind {
        case vorbis, opus, speex, flac
    }

    static func read(_ input: TagInput, _ pictures: inout PictureChoice) -> TagValues {
        guard let (kind, serial) = firstStream(in: input) else { return TagValues() }
        // Only FLAC has more than one packet of metadata.
        let packets = OggPackets.stretches(in: input, serial: serial, packets: kind == .flac ? 1..<64 : 1..<2)
        var values = TagValues()
        for packet in packets {
            var cursor = TagCursor(input, packet)
            switch kind {
            case .vorbis:
                guard cursor.read(7).elementsEqual("\u{3}vorbis".utf8) else { continue }
            case .opus:
                guard cursor.read(8).elementsEqual("OpusTags".utf8) else { continue }
            case .speex: break
            case .flac:
                let header = cursor.read(4)
                guard header.count == 4, header[0] != 0xFF else { return values }
                if header[0] & 0x7F == 6, pictures.mayTake(cursor.remaining) {
                    VorbisComments.offer(pictureBlock: cursor.read(cursor.remaining), to: &pictures)
                }
                guard header[0] & 0x7F == 4 else { continue }
            }
            values.fill(from: VorbisComments.read(&cursor, &pictures))
        }
        return values
    }

    /// The first of the beginning-of-stream pages that starts a known codec.
    private static func firstStream(in input: TagInput) -> (Kind, serial: Int)? {
        var offset = 0
        for _ in 0..<64 {
            guard let page = OggPage(input, at: offset), page.begins else { return nil }
            let head = input.bytes(at: page.body.lowerBound, count: min(8, page.body.count))
            if head.starts(with: "\u{1}vorbis".utf8) { return (.vorbis, page.serial) }
            if head.starts(with: "OpusHead".utf8) { return (.opus, page.serial) }
            if head.starts(with: "Speex   ".utf8) { return (.speex, page.serial) }
            if head.starts(with: "\u{7F}FLAC".utf8) { return (.flac, page.serial) }
            offset = page.body.upperBound
        }
        return nil
    }
}
