/// Formats that people take for music, or that carry frames inside other data: named in refusals, never opened.
enum ForeignFormat {
    private static let magics: [(offset: Int, bytes: StaticString, name: String)] = [
        (0, "#EXTM3U", "an HLS or M3U playlist, not sound"), (0, "[playlist]", "a playlist, not sound"),
        (0, "ffconcat", "an ffmpeg script, not sound"), (0, "v=0", "a session description (SDP), not sound"),
        (0, "PK\u{3}\u{4}", "a ZIP archive"), (0, "PK\u{5}\u{6}", "a ZIP archive"), (0, "Rar!", "an archive"),
        (0, "7z\u{BC}", "an archive"), (257, "ustar", "an archive"), (0, "BZh", "an archive"), (1, "7zXZ", "an archive"),
        (0, "!<arch>", "an archive"), (0, "%PDF", "a document"), (0, "{\\rtf", "a document"), (0, "GIF8", "a picture"),
        (1, "PNG\r\n", "a picture"), (8, "WEBP", "a picture"), (0, "BM", "a picture"), (0, "II*\0", "a picture"),
        (0, "MM\0*", "a picture"), (1, "ELF", "a program"), (0, "MZ", "a program"), (0, "#!AMR", "AMR speech"),
        (0, "#!", "a script"),
        (0, "MThd", "a MIDI file, which holds notes and not sound"), (0, "FORM", "an IFF file other than AIFF"),
        (0, "DSD ", "DSD audio (DSF)"), (0, "FRM8", "DSD audio (DSDIFF)"), (0, "tBaK", "TAK"), (0, "ajkg", "Shorten"),
        (0, "OFR ", "OptimFROG"), (0, "FLV", "Flash video"), (0, ".RMF", "RealMedia"),
        (0, ".ra\u{FD}", "RealAudio"), (0, "Extended Module", "a tracker module"), (0, "IMPM", "a tracker module"),
        (44, "SCRM", "a tracker module"), (1080, "M.K.", "a tracker module"), (0, "\u{B}w", "Dolby Digital (AC-3)"),
        (0, "SQLite format 3", "a database")
    ]

    /// The format's name, for a sentence that begins with "This is".
    static func name(of bytes: [UInt8]) -> String? {
        for magic in magics where magic.bytes.withUTF8Buffer({ bytes.dropFirst(magic.offset).starts(with: latin1($0)) }) {
            return magic.name
        }
        if bytes.starts(with: [0x1F, 0x8B]) { return "a compressed file (gzip)" }
        if bytes.starts(with: [0xFF, 0xD8, 0xFF]) { return "a picture" }
        if bytes.starts(with: [0, 0, 1, 0xBA]) || bytes.starts(with: [0, 0, 1, 0xB3]) { return "MPEG video" }
        if bytes.first == 0x47, bytes.count > 376, bytes[188] == 0x47, bytes[376] == 0x47 { return "an MPEG transport stream" }
        return isMarkup(bytes) ? "a web page or another document" : isText(bytes) ? "text, not sound" : nil
    }

    /// A string literal's scalars as one byte each.
    private static func latin1(_ utf8: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        String(decoding: utf8, as: UTF8.self).unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
    }

    private static func isMarkup(_ bytes: [UInt8]) -> Bool {
        let start = bytes.prefix(256).drop { $0 <= 0x20 || $0 == 0xEF || $0 == 0xBB || $0 == 0xBF }
        guard start.first == UInt8(ascii: "<"), let next = start.dropFirst().first else { return false }
        return next == UInt8(ascii: "!") || next == UInt8(ascii: "?") || (0x41...0x5A).contains(next & 0xDF)
    }

    static func isText(_ bytes: [UInt8]) -> Bool {
        let head = bytes.prefix(512)
        // Taggers fill up with spaces alone. Printable ASCII, white space and UTF-8's upper half, but never MPEG's sync byte
        // 0xFF.
        return head.allSatisfy { (0x20..<0x7F).contains($0) || (0x09...0x0D).contains($0) || (0x80..<0xF8).contains($0) }
            && head.contains { $0 < 0x80 && $0 != 0x20 }
    }
}
