import Audio
import Locker

/// Lyrics: by a song's id, line by line, and by a title, as one text.
struct SubsonicLyrics: Sendable {
    let catalogue: Catalogue

    func add(to endpoints: inout SubsonicEndpoints) {
        endpoints.route("getLyrics", scope: .library, byTitle)
        endpoints.route("getLyricsBySongId", scope: .library, bySong)
    }

    @Sendable private func byTitle(_ request: SubsonicRequest, _ account: Int64) async throws -> SubsonicAnswer {
        let title = try request.optional("title")
        var artist = try request.optional("artist").flatMap { $0.isEmpty ? nil : $0 }
        // A song without one is shown with this name.
        if artist == SubsonicNames.artist { artist = "" }
        let found =
            try await title.map { $0.isEmpty } ?? true
            ? nil : catalogue.lyrics(title: title ?? "", artist: artist, account: account)
        guard let found else { return SubsonicAnswer("lyrics", ["value": ""]) }
        let lines = LyricSheet(found.lyrics).lines.map(\.text)
        return SubsonicAnswer(
            "lyrics",
            [
                "artist": .text(SubsonicNames.artist(found.song.artist)), "title": .text(found.song.title),
                "value": .text(lines.joined(separator: "\n"))
            ])
    }

    @Sendable private func bySong(_ request: SubsonicRequest, _ account: Int64) async throws -> SubsonicAnswer {
        let id = try request.id()
        let isEnhanced = try request.flag("enhanced")
        guard let track = try await catalogue.track(id: id, account: account) else { throw SubsonicError.notFound }
        let lyrics = try await catalogue.lyrics(of: id, account: account)
        var sheets: [SubsonicElement] = []
        if let sheet = lyrics.map({ LyricSheet($0) }), !sheet.lines.isEmpty {
            var element: SubsonicElement = [
                "displayArtist": .text(SubsonicNames.artist(track.artist)), "displayTitle": .text(track.title),
                // Tags do not say which language it is.
                "lang": "und", "offset": 0, "synced": .flag(sheet.isSynchronised)
            ]
            if isEnhanced { element.add("kind", "main" as SubsonicValue) }
            element.add("line", Self.lines(sheet))
            let words = isEnhanced ? Self.words(sheet) : []
            if !words.isEmpty { element.add("cueLine", words) }
            sheets.append(element)
        }
        return SubsonicAnswer("lyricsList", ["structuredLyrics": .list(sheets)])
    }

    /// The lines of a synchronised text all have times: one without has that of the line before it.
    private static func lines(_ sheet: LyricSheet) -> [SubsonicElement] {
        var last = 0
        return sheet.lines.map { line in
            guard sheet.isSynchronised else { return ["value": .text(line.text)] }
            last = line.at.map { Int(clamping: ($0 * 1000).rounded()) } ?? last
            return ["start": .number(last), "value": .text(line.text)]
        }
    }

    /// The words that have times of their own, by the lines that they are in. All words of a line have an end, or none: each lasts
    /// until the next begins, if the text says when the last ends.
    private static func words(_ sheet: LyricSheet) -> [SubsonicElement] {
        func milliseconds(_ seconds: Double) -> SubsonicValue { .number(Int(clamping: (seconds * 1000).rounded())) }
        return sheet.lines.enumerated().compactMap { number, line in
            guard let first = line.cues.first else { return nil }
            let text = Array(line.text.utf8)
            let cues = line.cues.enumerated().map { place, cue -> SubsonicElement in
                let next = place + 1 < line.cues.count ? line.cues[place + 1].at : line.end
                return [
                    "start": milliseconds(cue.at), "end": line.end.flatMap { _ in next.map { milliseconds(max(cue.at, $0)) } },
                    "byteStart": .number(cue.bytes.lowerBound), "byteEnd": .number(cue.bytes.upperBound - 1),
                    "value": .text(String(decoding: text[cue.bytes], as: UTF8.self))
                ]
            }
            return [
                "index": .number(number), "start": milliseconds(first.at), "end": line.end.map(milliseconds),
                "value": .text(line.text), "cue": .list(cues)
            ]
        }
    }
}
