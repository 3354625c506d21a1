import Audio

/// Recognises a file by its first bytes. Only files of the formats it returns ever meet a demuxer.
struct FormatSniffer {
    /// The format of a file, and where it begins behind its ID3v2 tags and junk.
    struct Recognition {
        let container: Container
        let start: Int
        var freeFormat: FreeFormat?
    }

    private static let window = 1 << 17
    private static let asf: [UInt8] = [
        0x30, 0x26, 0xB2, 0x75, 0x8E, 0x66, 0xCF, 0x11, 0xA6, 0xD9, 0x00, 0xAA, 0x00, 0x62, 0xCE, 0x6C
    ]

    private let file: InputFile
    private let takesExtra: Bool
    private var start = 0
    /// Where the last ID3v2 tag before `start` begins.
    private var tag: Int?
    private var freeFormat: FreeFormat?
    private var bytes: [UInt8]

    /// The container of `file`. Throws why the file is refused.
    static func recognise(_ file: InputFile, takingExtra: Bool) throws(Refusal) -> Recognition {
        var sniffer = FormatSniffer(file, takingExtra)
        let container = try sniffer.recognise()
        return Recognition(container: container, start: sniffer.start, freeFormat: sniffer.freeFormat)
    }

    private init(_ file: InputFile, _ takesExtra: Bool) {
        self.file = file
        self.takesExtra = takesExtra
        bytes = file.bytes(at: 0, count: Self.window)
    }

    private mutating func recognise() throws(Refusal) -> Container {
        guard file.size > 0 else { throw Refusal(.unsupportedFormat, "The file is empty") }
        skipTags()
        if let container = try containerByMagic() {
            guard takesExtra || !container.isExtra else {
                throw refusal("This is \(container.title), which this server does not take (ingest.extra)")
            }
            return container
        }
        let foreign = ForeignFormat.name(of: bytes)
        // Text behind a tag may be the rest of the tag.
        let maySound = foreign == nil || tag != nil && ForeignFormat.isText(bytes)
        if maySound, let container = try containerByFrames() { return container }
        if let foreign { throw refusal("This is \(foreign); \(accepted)") }
        if tag != nil { throw refusal("There is no sound in a known format after the ID3 tag") }
        throw refusal("The file's first bytes fit no known audio format; \(accepted)")
    }

    private func refusal(_ reason: String) -> Refusal {
        Refusal(.unsupportedFormat, reason, offset: start > 0 ? start : nil)
    }

    private var accepted: String {
        "sweetspot takes WAV, AIFF, FLAC, MP3, M4A, AAC and Ogg (Vorbis, Opus, FLAC)"
            + (takesExtra ? ", WavPack, Monkey's Audio, TTA, Musepack, WMA, Matroska, CAF and Speex" : "")
    }

    /// Moves behind the ID3v2 tags (id3.org, ID3v2.4 §3.1).
    private mutating func skipTags() {
        while let size = ID3Span.size(of: bytes), start < file.size {
            tag = start
            start += size
            bytes = file.bytes(at: start, count: Self.window)
        }
    }

    private func has(_ magic: StaticString, at offset: Int) -> Bool {
        guard offset + magic.utf8CodeUnitCount <= bytes.count else { return false }
        return magic.withUTF8Buffer { bytes[offset..<(offset + $0.count)].elementsEqual($0) }
    }

    private func containerByMagic() throws(Refusal) -> Container? {
        if has("RIFF", at: 0) || has("RF64", at: 0) || has("BW64", at: 0) {
            guard has("WAVE", at: 8) else { throw refusal("This RIFF file is not a WAV; \(accepted)") }
            return .wav
        }
        if has("FORM", at: 0), has("AIFF", at: 8) || has("AIFC", at: 8) { return .aiff }
        if has("fLaC", at: 0) { return .flac }
        if has("ftyp", at: 4) { return .mp4 }
        // Old QuickTime files begin with the movie itself.
        if bytes.count >= 8, bytes[0] < 0x10, has("moov", at: 4) { return .mp4 }
        if has("OggS", at: 0) {
            guard holdsKnownOggStream else {
                throw refusal("This Ogg file does not begin with sound in a known format; \(accepted)")
            }
            return .ogg
        }
        if has("wvpk", at: 0) { return .wavpack }
        if has("MAC ", at: 0) { return .ape }
        if has("TTA1", at: 0) { return .tta }
        if has("MP+", at: 0), bytes.count > 3, bytes[3] & 0x0F == 7 { return .musepack7 }
        if has("MPCK", at: 0) { return .musepack8 }
        if bytes.starts(with: Self.asf) { return .asf }
        if bytes.starts(with: [0x1A, 0x45, 0xDF, 0xA3]) { return try matroska() }
        if has("caff", at: 0) { return .caf }
        return nil
    }

    /// Reads EBML's DocType (RFC 8794 §11.2.4) within the header, which names the format.
    private func matroska() throws(Refusal) -> Container {
        let head = bytes.prefix(256)
        for name in ["matroska", "webm"] {
            let element = [0x42, 0x82, 0x80 | UInt8(name.utf8.count)] + Array(name.utf8)
            if head.indices.contains(where: { head[$0...].starts(with: element) }) { return .matroska }
        }
        // Matroska is the default if there is no DocType.
        guard head.indices.contains(where: { head[$0...].starts(with: [0x42, 0x82]) }) else { return .matroska }
        throw refusal("This EBML file is neither Matroska nor WebM; \(accepted)")
    }

    /// Whether one of the beginning-of-stream pages (RFC 3533 §6) starts an accepted codec.
    private var holdsKnownOggStream: Bool {
        var page = 0
        while has("OggS", at: page), page + 27 <= bytes.count, bytes[page + 5] & 2 != 0 {
            let segments = Int(bytes[page + 26])
            let body = page + 27 + segments
            guard body <= bytes.count else { return false }
            if has("\u{1}vorbis", at: body) || has("OpusHead", at: body) { return true }
            if body < bytes.count, bytes[body] == 0x7F, has("FLAC", at: body + 1) { return true }
            // FLAC in Ogg as it was before its mapping was written down.
            if has("fLaC", at: body) { return true }
            if takesExtra, has("Speex   ", at: body) { return true }
            page = body + bytes[(page + 27)..<body].reduce(0) { $0 + Int($1) }
        }
        return false
    }

    /// The container of the first run of consistent frames. Throws if the first frame's format is not accepted.
    private mutating func containerByFrames() throws(Refusal) -> Container? {
        let search = FrameSearch(file)
        let junk = tag == nil && !has("ID3", at: 0) ? FrameSearch.junk : FrameSearch.tagJunk
        if let found = search.first(from: start, junk: junk) ?? tag.flatMap({ search.first(from: $0, junk: junk) }) {
            if found.start != start, let name = FrameHeader.untaken(bytes) { throw refusal("This is \(name); \(accepted)") }
            start = tag.flatMap { search.start(within: $0..<start, of: found) } ?? found.start
            freeFormat = found.freeFormat
            return found.container
        }
        if let name = FrameHeader.untaken(bytes) { throw refusal("This is \(name); \(accepted)") }
        return nil
    }
}
