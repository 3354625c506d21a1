import Audio

extension TrackTags {
    private static let separator = ", "
    /// Opus' gains are relative to -23 LUFS, ReplayGain's to -18 (RFC 7845 §5.2.1).
    private static let opusReference = 5.0
    /// Bytes of a number that are read.
    private static let maximumDigits = 32

    /// The track's tags out of a resolved tag's values.
    init(_ values: TagValues) {
        func first(_ field: TagField) -> String { values[field].first ?? "" }
        func joined(_ field: TagField) -> String {
            CleanText.clean(values[field].joined(separator: Self.separator))
        }
        self.init(
            title: first(.title), artist: joined(.artist), albumArtist: joined(.albumArtist), album: first(.album),
            track: Self.number(first(.track)), disc: Self.number(first(.disc)), genres: Self.genres(values[.genre]))
        artists = values.has(.artists) ? values[.artists] : values[.artist]
        albumArtists = values.has(.albumArtists) ? values[.albumArtists] : values[.albumArtist]
        composers = values[.composer]
        if artist.isEmpty { artist = artists.joined(separator: Self.separator) }
        if albumArtist.isEmpty { albumArtist = albumArtists.joined(separator: Self.separator) }
        trackTotal = Self.total(first(.trackTotal), first(.track))
        discTotal = Self.total(first(.discTotal), first(.disc))
        date = TagDate.text(first(.date))
        year = TagDate.year(date)
        isCompilation = ["true", "yes"].contains(first(.compilation).lowercased()) || Self.number(first(.compilation)) > 0
        comment = first(.comment)
        isrc = first(.isrc)
        tempo = Self.tempo(first(.tempo))
        moods = values[.mood]
        discTitle = first(.discTitle)
        titleSort = first(.titleSort)
        artistSort = joined(.artistSort)
        albumSort = first(.albumSort)
        albumArtistSort = joined(.albumArtistSort)
        musicBrainz = MusicBrainz(values)
        replayGain = ReplayGain(
            trackGain: Self.decimal(first(.trackGain)) ?? Self.opusGain(first(.opusTrackGain)),
            trackPeak: Self.decimal(first(.trackPeak)),
            albumGain: Self.decimal(first(.albumGain)) ?? Self.opusGain(first(.opusAlbumGain)),
            albumPeak: Self.decimal(first(.albumPeak)))
        lyrics = (values[.timedLyrics].first ?? values[.lyrics].first)
            .map { Lyrics(text: $0, isSynchronised: TimedLyrics.areTimed($0)) }
        cueSheet = first(.cueSheet)
    }

    /// Some programs write several genres into one value.
    private static func genres(_ values: [String]) -> [String] {
        var genres: [String] = []
        for genre in values.flatMap({ $0.pieces(at: ";") }).map(CleanText.trimmed) where !genre.isEmpty {
            if !genres.contains(genre), genres.count < maximumValues { genres.append(genre) }
        }
        return genres
    }

    /// The leading number of `3/12`; 0 if there is none.
    private static func number(_ text: some StringProtocol) -> Int {
        Int(String(decoding: text.utf8.prefix(while: \.isDigit).prefix(9), as: UTF8.self)) ?? 0
    }

    /// Beats per minute, which some programs write with decimals; 0 if it is no tempo.
    private static func tempo(_ text: String) -> Int {
        guard let value = decimal(text), (0.5...Double(maximumTempo)).contains(value) else { return 0 }
        return Int(value.rounded())
    }

    private static func total(_ own: String, _ pair: String) -> Int {
        let total = number(own)
        guard total == 0, let slash = pair.utf8.firstIndex(of: 0x2F) else { return total }
        return number(CleanText.trimmed(pair[pair.utf8.index(after: slash)...]))
    }

    /// The number before a unit: `-6.54 dB`, or `-6,54 dB` as programs write it in some locales; nil if there is none, or if it
    /// overflows.
    private static func decimal(_ text: String) -> Double? {
        var rest = text.utf8.prefix(maximumDigits)[...]
        func take(_ isTaken: (UInt8) -> Bool) -> String {
            let taken = rest.prefix(while: isTaken)
            rest = rest.dropFirst(taken.count)
            return String(decoding: taken, as: UTF8.self)
        }
        var number = take { $0.isDigit || [0x2B, 0x2D, 0x2E].contains($0) }
        // A comma before digits is a decimal point, if there is no other.
        if rest.first == 0x2C, rest.dropFirst().first?.isDigit == true, !number.contains(".") {
            rest = rest.dropFirst()
            number += "." + take(\.isDigit)
            if [0x2C, 0x2E].contains(rest.first), rest.dropFirst().first?.isDigit == true { return nil }
        }
        let exponent = take { [0x45, 0x65].contains($0) } + take { $0.isDigit || [0x2B, 0x2D].contains($0) }
        guard let value = Double(number + exponent) ?? Double(number), value.isFinite else { return nil }
        return value
    }

    /// 256ths of a dB.
    private static func opusGain(_ text: String) -> Double? {
        Int16(text).map { Double($0) / 256 + opusReference }
    }
}

extension TrackTags.MusicBrainz {
    fileprivate init(_ values: TagValues) {
        self.init()
        func identifiers(_ field: TagField) -> [String] { values[field].flatMap(Self.identifiers) }
        recording = identifiers(.recordingID).first ?? ""
        track = identifiers(.trackID).first ?? ""
        release = identifiers(.releaseID).first ?? ""
        releaseGroup = identifiers(.releaseGroupID).first ?? ""
        artists = Array(identifiers(.artistID).prefix(TrackTags.maximumValues))
        albumArtists = Array(identifiers(.albumArtistID).prefix(TrackTags.maximumValues))
    }

    /// The UUIDs in a value, which ID3v2.3 strings together with slashes.
    private static func identifiers(in text: String) -> [String] {
        text.lowercased().unicodeScalars.split { "/;, ".unicodeScalars.contains($0) }.map { String($0) }.filter { word in
            word.utf8.count == 36
                && word.utf8.enumerated().allSatisfy { place, byte in
                    [8, 13, 18, 23].contains(place) ? byte == 0x2D : byte.isDigit || (0x61...0x66).contains(byte)
                }
        }
    }
}

extension TrackTags.ReplayGain {
    fileprivate init(trackGain: Double?, trackPeak: Double?, albumGain: Double?, albumPeak: Double?) {
        self.init()
        self.trackGain = trackGain
        self.trackPeak = trackPeak
        self.albumGain = albumGain
        self.albumPeak = albumPeak
    }
}
