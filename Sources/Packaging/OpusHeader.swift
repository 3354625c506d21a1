import Audio

/// The two header pages of an Ogg Opus stream (RFC 7845 §5), padded to a constant size.
enum OpusHeader {
    /// Bytes of both pages together.
    static let byteCount = 1024

    private static let identificationBytes = 19
    /// The room for OpusTags beside both page headers: 27 bytes and one lacing value, 27 bytes and four.
    private static let commentBytes = byteCount - 28 - identificationBytes - 31

    /// - Parameter preSkip: samples that a player leaves out at the beginning; nil for the encoder's delay.
    static func bytes(grid: FrameGrid, tags: TrackTags, serial: UInt32, preSkip: Int? = nil) -> [UInt8] {
        var pages: [UInt8] = []
        pages.reserveCapacity(byteCount)
        let identification = identification(grid, preSkip ?? grid.encoderDelay)
        let comments = comments(tags)
        // The standard library marks `Span.bytes` unsafe, whatever the element.
        OggPage(flags: .beginsStream, granule: 0, serial: serial, sequence: 0, packetBytes: identification.count)
            .append(unsafe identification.span.bytes, to: &pages)
        OggPage(granule: 0, serial: serial, sequence: 1, packetBytes: comments.count)
            .append(unsafe comments.span.bytes, to: &pages)
        return pages
    }

    /// OpusHead (RFC 7845 §5.1): version 1, no gain, mapping family 0.
    private static func identification(_ grid: FrameGrid, _ preSkip: Int) -> [UInt8] {
        var packet = Array("OpusHead".utf8) + [1, UInt8(truncatingIfNeeded: grid.output.channels)]
        packet.append(littleEndian: UInt16(truncatingIfNeeded: preSkip))
        packet.append(littleEndian: UInt32(clamping: grid.sourceRate))
        packet.append(littleEndian: 0 as UInt16)
        packet.append(0)
        return packet
    }

    /// OpusTags (RFC 7845 §5.2): every known field, cut if needed, then zeros, which a reader discards.
    private static func comments(_ tags: TrackTags) -> [UInt8] {
        var packet = Array("OpusTags".utf8)
        append("sweetspot".utf8, to: &packet)

        let fields = fields(of: tags)
        let names = fields.map { Array("\($0.name)=".utf8) }
        let overhead = packet.count + 4 + names.reduce(0) { $0 + 4 + $1.count }
        let texts = TextBudget.fit(fields.map(\.text), into: commentBytes - overhead)
        packet.append(littleEndian: UInt32(fields.count))
        for (name, text) in zip(names, texts) { append(name + text, to: &packet) }
        packet.pad(to: commentBytes)
        return packet
    }

    private static func append(_ field: some Collection<UInt8>, to packet: inout [UInt8]) {
        packet.append(littleEndian: UInt32(field.count))
        packet += Array(field)
    }

    private static func fields(of tags: TrackTags) -> [(name: String, text: String)] {
        let all = [
            ("TITLE", tags.title), ("ARTIST", tags.artist), ("ALBUMARTIST", tags.albumArtist), ("ALBUM", tags.album),
            ("GENRE", tags.genres.first ?? ""), ("TRACKNUMBER", number(tags.track)), ("DISCNUMBER", number(tags.disc)),
            ("DATE", number(tags.year))
        ]
        return all.filter { !$0.1.isEmpty }
    }

    private static func number(_ value: Int) -> String { value > 0 ? String(value) : "" }
}
