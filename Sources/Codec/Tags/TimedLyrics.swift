import Audio

/// Lyrics with times, as lines of an .lrc file (https://en.wikipedia.org/wiki/LRC_(file_format)).
struct TimedLyrics {
    private var pieces: [(text: String, milliseconds: Int)] = []
    private var bytes = 0

    mutating func add(_ piece: String, milliseconds: Int) {
        guard bytes < TrackTags.Lyrics.maximumBytes else { return }
        bytes += piece.utf8.count + 10
        pieces.append((piece, milliseconds))
    }

    /// In lyrics timed by syllable, a newline marks each piece that begins a line; without any, each piece is a line.
    var text: String {
        let isBySyllable = pieces.contains { $0.text.unicodeScalars.contains("\n") }
        var text = ""
        for piece in pieces {
            var scalars = piece.text.unicodeScalars[...]
            let begins = scalars.first == "\n" || text.isEmpty || !isBySyllable
            if scalars.first == "\n" { scalars.removeFirst() }
            if begins { text += "\(text.isEmpty ? "" : "\n")\(Self.stamp(piece.milliseconds))" }
            text += String(String.UnicodeScalarView(scalars.lazy.map { $0 == "\n" || $0 == "\r" ? " " : $0 }))
        }
        return text
    }

    /// Whether `text` is lines with times: the first that is neither empty nor a heading like `[ar:Name]` has one.
    static func areTimed(_ text: String) -> Bool {
        for line in text.split(whereSeparator: \.isNewline) where !line.allSatisfy(\.isWhitespace) {
            let bytes = Array(line.utf8.drop { $0 == 0x20 }.prefix(16))
            guard bytes.first == 0x5B, bytes.count >= 2 else { return false }
            guard bytes[1].isDigit else { continue }
            let minutes = bytes[1...].prefix(while: \.isDigit)
            let rest = bytes[minutes.endIndex...]
            return rest.first == 0x3A && rest.dropFirst().prefix(2).count { $0.isDigit } == 2
        }
        return false
    }

    /// `[mm:ss.cc]`.
    private static func stamp(_ milliseconds: Int) -> String {
        func pair(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let hundredths = milliseconds / 10
        return "[\(pair(hundredths / 6000)):\(pair(hundredths / 100 % 60)).\(pair(hundredths % 100))]"
    }
}
