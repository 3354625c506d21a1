extension TrackTags {
    private static let textLimit = 1 << 16

    func write(to writer: inout ByteWriter) {
        for text in [
            title, artist, albumArtist, album, date, comment, isrc, titleSort, artistSort, albumSort, albumArtistSort, cueSheet
        ] {
            writer.writeField(text)
        }
        for number in [track, trackTotal, disc, discTotal, year] { writer.writeVariable(number) }
        writer.write(UInt8(isCompilation ? 1 : 0))
        for list in [genres, artists, albumArtists, composers] { Self.write(list, to: &writer) }
        musicBrainz.write(to: &writer)
        replayGain.write(to: &writer)
        writer.write(UInt8(lyrics.map { $0.isSynchronised ? 2 : 1 } ?? 0))
        if let lyrics { writer.writeField(lyrics.text) }
        writer.writeVariable(min(max(0, tempo), Self.maximumTempo))
        Self.write(moods, to: &writer)
        writer.writeField(discTitle)
    }

    /// - Parameter hasAll: false for forms that end with the lyrics.
    init(from reader: inout ByteReader, hasAll: Bool) throws(ByteReader.Malformed) {
        self.init()
        for field in [
            \Self.title, \.artist, \.albumArtist, \.album, \.date, \.comment, \.isrc, \.titleSort, \.artistSort, \.albumSort,
            \.albumArtistSort, \.cueSheet
        ] {
            self[keyPath: field] = try reader.readText(limit: Self.textLimit)
        }
        for field in [\Self.track, \.trackTotal, \.disc, \.discTotal, \.year] {
            self[keyPath: field] = try reader.readVariable(limit: 1 << 32)
        }
        isCompilation = try reader.read(UInt8.self) != 0
        for field in [\Self.genres, \.artists, \.albumArtists, \.composers] {
            self[keyPath: field] = try Self.readList(from: &reader)
        }
        musicBrainz = try MusicBrainz(from: &reader)
        replayGain = try ReplayGain(from: &reader)
        switch try reader.read(UInt8.self) {
        case 0: lyrics = nil
        case let kind: lyrics = Lyrics(text: try reader.readText(limit: Lyrics.maximumBytes), isSynchronised: kind == 2)
        }
        guard hasAll else { return }
        tempo = try reader.readVariable(limit: Self.maximumTempo)
        moods = try Self.readList(from: &reader)
        discTitle = try reader.readText(limit: Self.textLimit)
    }

    fileprivate static func write(_ list: [String], to writer: inout ByteWriter) {
        writer.writeVariable(min(list.count, maximumValues))
        for text in list.prefix(maximumValues) { writer.writeField(text) }
    }

    fileprivate static func readList(from reader: inout ByteReader) throws(ByteReader.Malformed) -> [String] {
        var list: [String] = []
        for _ in 0..<(try reader.readVariable(limit: maximumValues)) { list.append(try reader.readText(limit: textLimit)) }
        return list
    }
}

extension TrackTags.MusicBrainz {
    fileprivate func write(to writer: inout ByteWriter) {
        for text in [recording, track, release, releaseGroup] { writer.writeField(text) }
        for list in [artists, albumArtists] { TrackTags.write(list, to: &writer) }
    }

    fileprivate init(from reader: inout ByteReader) throws(ByteReader.Malformed) {
        self.init()
        for field in [\Self.recording, \.track, \.release, \.releaseGroup] {
            self[keyPath: field] = try reader.readText(limit: 64)
        }
        artists = try TrackTags.readList(from: &reader)
        albumArtists = try TrackTags.readList(from: &reader)
    }
}

extension TrackTags.ReplayGain {
    private static let fields = [\Self.trackGain, \.trackPeak, \.albumGain, \.albumPeak]

    fileprivate func write(to writer: inout ByteWriter) {
        for field in Self.fields { writer.write(self[keyPath: field]) }
    }

    fileprivate init(from reader: inout ByteReader) throws(ByteReader.Malformed) {
        self.init()
        for field in Self.fields { self[keyPath: field] = try reader.readNumber() }
    }
}
