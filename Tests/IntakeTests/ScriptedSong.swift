import Audio

/// A file ``ScriptedIngest`` finds more in than bytes: lines of a key and a value.
struct ScriptedSong {
    static let magic = "SONG"

    var sound: UInt64
    var tags = TrackTags()
    var art: [UInt8]?
    var warnings: [String] = []

    init(sound: UInt64, title: String = "", art: String? = nil, lyrics: String? = nil, warnings: [String] = []) {
        self.sound = sound
        tags.title = title
        self.art = art.map { Array($0.utf8) }
        tags.lyrics = lyrics.map { TrackTags.Lyrics(text: $0, isSynchronised: $0.hasPrefix("[")) }
        self.warnings = warnings
    }

    /// Nil for a file without the magic.
    init?(_ content: [UInt8]) {
        let lines = String(decoding: content, as: UTF8.self).split(separator: "\n")
        guard lines.first.map(String.init) == Self.magic else { return nil }
        func value(_ key: String) -> String? {
            lines.first { $0.hasPrefix(key + "=") }.map { String($0.dropFirst(key.count + 1)) }
        }
        self.init(
            sound: value("sound").flatMap { UInt64($0) } ?? 0, title: value("title") ?? "", art: value("art"),
            lyrics: value("lyrics"), warnings: value("warning").map { [$0] } ?? [])
    }

    var picture: Picture? { art.map { Picture(format: .png, width: 1, height: 1, bytes: $0.count) } }

    var bytes: [UInt8] {
        var lines = [Self.magic, "sound=\(sound)", "title=\(tags.title)"]
        if let art { lines.append("art=\(String(decoding: art, as: UTF8.self))") }
        if let lyrics = tags.lyrics { lines.append("lyrics=\(lyrics.text)") }
        if let warning = warnings.first { lines.append("warning=\(warning)") }
        return Array(lines.joined(separator: "\n").utf8)
    }
}
