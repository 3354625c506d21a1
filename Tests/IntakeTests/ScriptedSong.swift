import Audio
import TestSupport

/// A file ``ScriptedIngest`` finds more in than bytes: lines of a key and a value.
struct ScriptedSong {
    static let magic = "SONG"

    var sound: UInt64
    var tags = TrackTags()
    var art: [UInt8]?
    var warnings: [String] = []
    /// The recording that its fingerprint is of, and which encode of it; nil for no fingerprint.
    var recording: (number: UInt64, encode: UInt64)?

    init(recording: UInt64, encode: UInt64) {
        sound = 0
        self.recording = (recording, encode)
    }

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
        if let number = value("recording").flatMap({ UInt64($0) }), let encode = value("encode").flatMap({ UInt64($0) }) {
            recording = (number, encode)
        }
    }

    /// That of the recording, with a bit in a hundred changed by the encode.
    var fingerprint: AcousticFingerprint {
        guard let (number, encode) = recording else { return AcousticFingerprint() }
        var (words, noise) = (SeededGenerator(seed: number), SeededGenerator(seed: encode &+ 1_000_000))
        return AcousticFingerprint(
            words: (0..<948).map { _ in
                let word = UInt32.random(in: 0 ... .max, using: &words)
                return Int.random(in: 0..<3, using: &noise) == 0 ? word ^ 1 << UInt32.random(in: 0..<32, using: &noise) : word
            })
    }

    var picture: Picture? { art.map { Picture(format: .png, width: 1, height: 1, bytes: $0.count) } }

    var bytes: [UInt8] {
        var lines = [Self.magic, "sound=\(sound)", "title=\(tags.title)"]
        if let art { lines.append("art=\(String(decoding: art, as: UTF8.self))") }
        if let lyrics = tags.lyrics { lines.append("lyrics=\(lyrics.text)") }
        if let warning = warnings.first { lines.append("warning=\(warning)") }
        if let (number, encode) = recording { lines += ["recording=\(number)", "encode=\(encode)"] }
        return Array(lines.joined(separator: "\n").utf8)
    }
}
