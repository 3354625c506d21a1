import Audio

/// Artists in one text of ID3v2.2 or 2.3, which separate them by slashes (ID3v2.3 §4.2.1, TPE1) and have no way to write `AC/DC`.
enum SlashedNames {
    /// ASCII pieces of fewer characters are no artist's whole name on either side of a slash.
    private static let shortest = 3

    /// The artists in `text`.
    ///
    /// - Parameters:
    ///   - identifiers: how many MusicBrainz artist identifiers the tag has; may be 0.
    ///   - shown: the artists' text for people, if the tag has another one.
    static func parts(of text: String, identifiers: Int, shown: String?) -> [String] {
        let pieces = text.pieces(at: "/", omittingEmpty: false).map(CleanText.trimmed)
        guard (2...64).contains(pieces.count), !pieces.contains(where: \.isEmpty), identifiers != 1 else { return [text] }
        if let shown, let parts = grouped(pieces, by: shown) { return parts }
        if identifiers == pieces.count { return pieces }
        let names = joiningShort(pieces)
        return identifiers == 0 || identifiers == names.count ? names : [text]
    }

    /// The longest runs of pieces that the text for people contains literally; nil if it does not contain all pieces.
    private static func grouped(_ pieces: [String], by shown: String) -> [String]? {
        var (parts, start): ([String], Int) = ([], 0)
        while start < pieces.count {
            let end = (start + 1...pieces.count).last { shown.contains(pieces[start..<$0].joined(separator: "/")) }
            guard let end else { return nil }
            parts.append(pieces[start..<end].joined(separator: "/"))
            start = end
        }
        return parts
    }

    /// Pieces too short to be names form one name with their short neighbours; a single such piece joins all pieces.
    private static func joiningShort(_ pieces: [String]) -> [String] {
        func isShort(_ text: String) -> Bool { text.utf8.count < shortest }
        var (parts, run): ([String], [String]) = ([], [])
        for piece in pieces + [""] {
            if isShort(piece), !piece.isEmpty {
                run.append(piece)
                continue
            }
            if run.count == 1, run[0].utf8.count == 1 || pieces.count == 2 { return [pieces.joined(separator: "/")] }
            if !run.isEmpty { parts.append(run.joined(separator: "/")) }
            run = []
            if !piece.isEmpty { parts.append(piece) }
        }
        return parts
    }
}

extension TagValues {
    /// The same with the artists of a resolved tag of ID3v2.2 or 2.3 one by one. The texts for people stay.
    func partingSlashes() -> Self {
        var result = self
        for (shown, list, identifier) in [
            (TagField.artist, TagField.artists, TagField.artistID), (.albumArtist, .albumArtists, .albumArtistID)
        ] {
            let field = has(list) ? list : shown
            guard self[field].count == 1, let text = self[field].first, text.utf8.contains(0x2F) else { continue }
            let identifiers = self[identifier].flatMap { $0.unicodeScalars.split { "/;, ".unicodeScalars.contains($0) } }.count
            let display = field == list ? self[shown].first : nil
            let parts = SlashedNames.parts(of: text, identifiers: identifiers, shown: display == text ? nil : display)
            if parts.count > 1 { result.replace(list, by: parts) }
        }
        return result
    }
}
