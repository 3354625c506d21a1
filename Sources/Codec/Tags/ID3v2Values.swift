import Audio

/// The fields of an ID3v2 tag, frame by frame.
struct ID3v2Values {
    private static let texts: [String: (TagField, Int)] = [
        "TIT2": (.title, 0), "TPE1": (.artist, 0), "TPE2": (.albumArtist, 0), "TALB": (.album, 0), "TCOM": (.composer, 0),
        "TDRC": (.date, 0), "TDRL": (.date, 2), "TRCK": (.track, 0), "TPOS": (.disc, 0), "TCMP": (.compilation, 0),
        "TSRC": (.isrc, 0), "TBPM": (.tempo, 0), "TMOO": (.mood, 0), "TSST": (.discTitle, 0), "TSOT": (.titleSort, 0),
        "TSOP": (.artistSort, 0), "TSOA": (.albumSort, 0), "TSO2": (.albumArtistSort, 0)
    ]
    private static let others: Set<String> = ["TCON", "TYER", "TDAT", "TXXX", "COMM", "USLT", "SYLT", "UFID", "RVA2"]
    /// Named values rank behind the frames made for them, and iTunes' old volumes behind both.
    private static let namedRank = 4
    private static let volumeRank = 8

    private var values = TagValues()
    private var year: TagText?
    private var dayAndMonth: TagText?

    static func reads(_ name: String) -> Bool { texts[name] != nil || others.contains(name) }

    var fields: TagValues {
        var fields = values
        if let year { fields.add(.date, date(year), rank: 1) }
        return fields
    }

    mutating func add(_ name: String, _ content: [UInt8]) {
        var reader = BlockReader(content)
        switch name {
        case "UFID": addIdentifier(&reader)
        case "RVA2": addVolume(&reader)
        case "COMM": addComment(content)
        case "SYLT": addTimedLyrics(&reader)
        case "USLT":
            guard let encoding = Encoding(&reader), reader.take(3) != nil else { return }
            var order = ByteOrder.little
            _ = encoding.next(&reader, &order)
            values.add(.lyrics, encoding.next(&reader, &order))
        case "TXXX":
            guard let encoding = Encoding(&reader) else { return }
            var order = ByteOrder.little
            guard let key = encoding.next(&reader, &order).plain else { return }
            for text in encoding.all(&reader, order) { values.add(name: key, text, rank: Self.namedRank) }
        default: addText(name, &reader)
        }
    }

    private mutating func addText(_ name: String, _ reader: inout BlockReader) {
        guard let encoding = Encoding(&reader) else { return }
        let texts = encoding.all(&reader, .little)
        switch name {
        case "TYER": year = year ?? texts.first
        case "TDAT": dayAndMonth = dayAndMonth ?? texts.first
        case "TCON":
            for text in texts {
                guard let plain = text.plain else {
                    values.add(.genre, text)
                    continue
                }
                for genre in ID3Genre.genres(in: CleanText.trimmed(plain)) { values.add(.genre, genre) }
            }
        default:
            guard let (field, rank) = Self.texts[name] else { return }
            for text in texts { values.add(field, text, rank: rank) }
        }
    }

    /// A comment's description, if readable, and its texts.
    static func comment(_ content: [UInt8]) -> (description: String, texts: [TagText])? {
        var reader = BlockReader(content)
        guard let encoding = Encoding(&reader), reader.take(3) != nil else { return nil }
        var order = ByteOrder.little
        let description = encoding.next(&reader, &order).plain ?? "?"
        return (description, encoding.all(&reader, order))
    }

    /// iTunes and other programs keep private numbers in described comments.
    private mutating func addComment(_ content: [UInt8]) {
        guard let comment = Self.comment(content), !comment.description.hasPrefix("iTun"),
            !comment.description.hasPrefix("Songs-DB")
        else { return }
        for text in comment.texts { values.add(.comment, text, rank: comment.description.isEmpty ? 0 : 1) }
    }

    private mutating func addIdentifier(_ reader: inout BlockReader) {
        guard reader.takeTerminated().elementsEqual("http://musicbrainz.org".utf8) else { return }
        values.add(.recordingID, .utf8(reader.rest))
    }

    /// Lyrics timed in milliseconds (ID3v2.4 §4.9), as lines of an .lrc file.
    private mutating func addTimedLyrics(_ reader: inout BlockReader) {
        guard let encoding = Encoding(&reader), reader.take(3) != nil, reader.number(1, .big) == 2, reader.take(1) != nil else {
            return
        }
        var order = ByteOrder.little
        _ = encoding.next(&reader, &order)
        var lyrics = TimedLyrics()
        while !reader.rest.isEmpty {
            let text = encoding.next(&reader, &order)
            guard let time = reader.number(4, .big) else { break }
            lyrics.add(text.latin1, milliseconds: time)
        }
        values.add(.timedLyrics, lyrics.text)
    }

    /// The master volume (ID3v2.4 §4.11) under the names ReplayGain gave it: `track` and `album`.
    private mutating func addVolume(_ reader: inout BlockReader) {
        let isAlbum: Bool
        switch String(decoding: reader.takeTerminated(), as: UTF8.self).lowercased() {
        case "track": isAlbum = false
        case "album": isAlbum = true
        default: return
        }
        guard reader.number(1, .big) == 1, let steps = reader.number(2, .big) else { return }
        let gain = Double(Int16(truncatingIfNeeded: steps)) / 512
        values.add(isAlbum ? .albumGain : .trackGain, "\(gain)", rank: Self.volumeRank)
        guard let bits = reader.number(1, .big), (1...32).contains(bits), let peak = reader.number((bits + 7) / 8, .big) else {
            return
        }
        values.add(isAlbum ? .albumPeak : .trackPeak, "\(Double(peak) / Double(1 << (bits - 1)))", rank: Self.volumeRank)
    }

    /// `2004-05-01` from a year and `0105` (ID3v2.3 §4.2.1).
    private func date(_ year: TagText) -> TagText {
        guard let text = year.plain, text.utf8.count == 4, text.utf8.allSatisfy(\.isDigit), let day = dayAndMonth?.plain,
            day.utf8.count == 4, day.utf8.allSatisfy(\.isDigit)
        else { return year }
        return .text("\(text)-\(day.suffix(2))-\(day.prefix(2))")
    }
}

extension ID3v2Values {
    /// The text encoding a frame names in its first byte (ID3v2.4 §4).
    private enum Encoding: Int {
        case latin1, utf16, utf16BigEndian, utf8

        init?(_ reader: inout BlockReader) {
            guard let number = reader.number(1, .big), let encoding = Self(rawValue: number) else { return nil }
            self = encoding
        }

        /// The text before the next terminator.
        func next(_ reader: inout BlockReader, _ order: inout ByteOrder) -> TagText {
            switch self {
            case .latin1: return .undeclared(Array(reader.takeTerminated()))
            case .utf8: return .utf8(reader.takeTerminated())
            case .utf16: return .utf16(reader.takeTerminated(unit: 2), &order)
            case .utf16BigEndian:
                var order = ByteOrder.big
                return .utf16(reader.takeTerminated(unit: 2), &order)
            }
        }

        /// The values up to the end: 2.4 separates them by terminators, and so do many earlier tags.
        func all(_ reader: inout BlockReader, _ order: ByteOrder) -> [TagText] {
            var order = order
            var texts: [TagText] = []
            while !reader.rest.isEmpty, texts.count < 256 { texts.append(next(&reader, &order)) }
            return texts
        }
    }
}
