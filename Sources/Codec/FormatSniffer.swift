import Audio

/// Recognises a file by its first bytes. Nothing but what it names ever meets a demuxer.
struct FormatSniffer {
    /// How far junk before the first MPEG frame may reach; libavformat's `mp3` demuxer looks no further.
    private static let junk = 1 << 16
    private static let window = 1 << 17
    private static let accepted = "sweetspot takes WAV, AIFF, FLAC, MP3, M4A, AAC and Ogg (Vorbis, Opus, FLAC)"

    private let file: InputFile
    private var start = 0
    private var bytes: [UInt8]

    /// The container of `file`, or why it is none that is taken.
    static func container(of file: InputFile) throws(Refusal) -> Container {
        var sniffer = FormatSniffer(file)
        return try sniffer.recognise()
    }

    private init(_ file: InputFile) {
        self.file = file
        bytes = file.bytes(at: 0, count: Self.window)
    }

    private mutating func recognise() throws(Refusal) -> Container {
        guard file.size > 0 else { throw Refusal(.unsupportedFormat, "The file is empty") }
        let isTagged = skipTags()
        if let container = try containerByMagic() { return container }
        if let foreign = foreignFormat { throw Refusal(.unsupportedFormat, "This is \(foreign); \(Self.accepted)") }
        if let container = containerByFrames() { return container }
        if isTagged { throw Refusal(.unsupportedFormat, "There is no MP3, FLAC or AAC sound after the ID3 tag", offset: start) }
        throw Refusal(.unsupportedFormat, "The file's first bytes are of no known audio format; \(Self.accepted)")
    }

    /// Moves behind the ID3v2 tags (id3.org, ID3v2.4 §3.1); true where there is one.
    private mutating func skipTags() -> Bool {
        var isTagged = false
        while has("ID3", at: 0), bytes.count >= 10, bytes[3] != 0xFF, bytes[6..<10].allSatisfy({ $0 < 0x80 }), start < file.size {
            let size = bytes[6..<10].reduce(0) { $0 << 7 | Int($1) }
            start += 10 + size + (bytes[5] & 0x10 == 0 ? 0 : 10)
            bytes = file.bytes(at: start, count: Self.window)
            isTagged = true
        }
        return isTagged
    }

    private func has(_ magic: StaticString, at offset: Int) -> Bool {
        guard offset + magic.utf8CodeUnitCount <= bytes.count else { return false }
        return magic.withUTF8Buffer { bytes[offset..<(offset + $0.count)].elementsEqual($0) }
    }

    private func containerByMagic() throws(Refusal) -> Container? {
        if has("RIFF", at: 0) || has("RF64", at: 0) || has("BW64", at: 0) {
            guard has("WAVE", at: 8) else { throw Refusal(.unsupportedFormat, "This RIFF file is not a WAV; \(Self.accepted)") }
            return .wav
        }
        if has("FORM", at: 0), has("AIFF", at: 8) || has("AIFC", at: 8) { return .aiff }
        if has("fLaC", at: 0) { return .flac }
        if has("ftyp", at: 4) { return .mp4 }
        if has("OggS", at: 0) {
            guard holdsKnownOggStream else {
                throw Refusal(.unsupportedFormat, "This Ogg file begins with neither Vorbis, Opus nor FLAC; \(Self.accepted)")
            }
            return .ogg
        }
        return nil
    }

    /// Whether one of the beginning-of-stream pages (RFC 3533 §6) starts a codec that is taken.
    private var holdsKnownOggStream: Bool {
        var page = 0
        while has("OggS", at: page), page + 27 <= bytes.count, bytes[page + 5] & 2 != 0 {
            let segments = Int(bytes[page + 26])
            let body = page + 27 + segments
            guard body <= bytes.count else { return false }
            if has("\u{1}vorbis", at: body) || has("OpusHead", at: body) { return true }
            if body < bytes.count, bytes[body] == 0x7F, has("FLAC", at: body + 1) { return true }
            page = body + bytes[(page + 27)..<body].reduce(0) { $0 + Int($1) }
        }
        return false
    }

    /// What a file is that people take for music, or that carries MPEG frames inside something else.
    private var foreignFormat: String? {
        if has("#EXTM3U", at: 0) { return "an HLS or M3U playlist, not sound" }
        if has("PK\u{3}\u{4}", at: 0) { return "a ZIP archive" }
        if has("Rar!", at: 0) || has("7z", at: 0) || has("ustar", at: 257) { return "an archive" }
        if has("wvpk", at: 0) { return "WavPack" }
        if has("MAC ", at: 0) { return "Monkey's Audio" }
        if has("MPCK", at: 0) || has("MP+", at: 0) { return "Musepack" }
        if has("FORM", at: 0) { return "an IFF file other than AIFF" }
        if has("caff", at: 0) { return "Core Audio (CAF)" }
        if has("%PDF", at: 0) || has("GIF8", at: 0) || has("PNG", at: 1) || has("JFIF", at: 6) { return "a document or picture" }
        if bytes.starts(with: [0x1A, 0x45, 0xDF, 0xA3]) { return "Matroska or WebM" }
        if bytes.starts(with: [0x30, 0x26, 0xB2, 0x75]) { return "Windows Media (ASF)" }
        return start == 0 && isText ? "text, not sound" : nil
    }

    private var isText: Bool {
        let head = bytes.prefix(512)
        // Printable ASCII, white space and UTF-8's upper half, but never MPEG's sync byte 0xFF.
        return head.allSatisfy { (0x20..<0x7F).contains($0) || (0x09...0x0D).contains($0) || (0x80..<0xF8).contains($0) }
            && head.contains { $0 < 0x80 }
    }

    /// The container of the first run of consistent frames after at most 64 KiB of junk.
    private func containerByFrames() -> Container? {
        for offset in 0..<min(Self.junk, bytes.count) where bytes[offset] == 0xFF {
            if let first = FrameHeader(bytes, at: offset), hasSuccessors(of: first, at: offset) { return first.container }
        }
        return nil
    }

    /// Whether three frames follow each other, or as many as there are where the file ends before.
    private func hasSuccessors(of first: FrameHeader, at offset: Int) -> Bool {
        var next = offset + first.size
        for _ in 1..<3 {
            if start + next + FrameHeader.length > file.size { return next > first.size + offset || offset == 0 }
            guard let header = FrameHeader(bytes, at: next), header == first else { return false }
            next += header.size
        }
        return true
    }
}
