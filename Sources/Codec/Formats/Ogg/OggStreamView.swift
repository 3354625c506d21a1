import Audio

/// The part of a link of an Ogg chain that a demuxer sees: the pages of its first stream of sound, and headers without comments.
///
/// libavformat compares each comment's name with all before it, so a file of a few hundred kilobytes can keep it busy for
/// minutes; ``OggTags`` reads the tags instead. Pages of other streams, whose comments libavformat reads too, are also left out.
struct OggStreamView {
    private enum Kind {
        case vorbis, opus, speex, flac
        /// FLAC in Ogg as it was before its mapping was written down; libavformat skips its comments.
        case oldFLAC
    }

    /// Bytes of a header packet that a decoder needs; the largest known are some tens of kilobytes.
    private static let longestPacket = 1 << 20
    /// Pieces of the file; if the streams are interleaved more finely, the rest of the link is left unchanged.
    private static let mostPieces = 1 << 16
    private static let vorbisComment: UInt8 = 3

    private let file: InputFile
    private let kind: Kind
    private let serial: Int
    /// Header packets still to come; for FLAC, which need not state their number, any number above 0.
    private var headersLeft: Int
    /// Packets of the stream that have ended.
    private var packets = 0
    /// The current packet, as far as it is needed.
    private var packet: [UInt8] = []
    /// Whether the current packet began on an earlier page.
    private var isOpen = false
    private var headers: [[UInt8]] = []
    private var isMalformed = false
    /// The parts of the view.
    private(set) var parts: [FileView.Part] = []

    /// Nil if the page does not begin an accepted stream of sound.
    init?(_ page: OggPage, of file: InputFile) {
        guard page.begins else { return nil }
        let head = file.bytes(at: page.body.lowerBound, count: min(80, page.body.count))
        if head.starts(with: "\u{1}vorbis".utf8) {
            (kind, headersLeft) = (.vorbis, 3)
        } else if head.starts(with: "OpusHead".utf8) {
            (kind, headersLeft) = (.opus, 2)
        } else if head.starts(with: "Speex   ".utf8) {
            // The number of headers behind the comment (speex_header.h).
            (kind, headersLeft) = (.speex, 2 + min(16, head.number(at: 68, 4, .little) ?? 0))
        } else if head.starts(with: "\u{7F}FLAC".utf8) {
            (kind, headersLeft) = (.flac, 1)
        } else if head.starts(with: "fLaC".utf8) {
            (kind, headersLeft) = (.oldFLAC, 0)
        } else {
            return nil
        }
        self.file = file
        serial = page.serial
    }

    /// Takes the next page of the link, which begins at `start`.
    mutating func add(_ page: OggPage, at start: Int) {
        guard page.serial == serial, !isMalformed else { return }
        guard headersLeft > 0 else {
            if kind != .vorbis || !hasComment(page) { append(start..<page.body.upperBound) }
            return
        }
        var offset = page.body.lowerBound
        for (place, segment) in page.lacing.enumerated() {
            // The first packet of sound: FLAC's frames begin with this byte, none of its metadata does.
            if kind == .flac, !isOpen, packets > 0, segment > 0, file.bytes(at: offset, count: 1).first == 0xFF {
                return endHeaders(page, rest: place, at: offset)
            }
            keep(offset, Int(segment))
            offset += Int(segment)
            isOpen = segment == 255
            guard !isOpen else { continue }
            endPacket()
            if headersLeft == 0 { return endHeaders(page, rest: place + 1, at: offset) }
        }
    }

    /// Keeps bytes of the current packet, if a decoder needs it.
    private mutating func keep(_ offset: Int, _ count: Int) {
        let isNeeded = packets == 0 || packets > 1 && kind != .flac
        guard isNeeded, count > 0 else { return }
        guard packet.count + count <= Self.longestPacket else {
            isMalformed = true
            return
        }
        packet += file.bytes(at: offset, count: count)
    }

    private mutating func endPacket() {
        defer {
            packet = []
            packets += 1
        }
        if kind != .flac { headersLeft -= 1 }
        if packets != 1 {
            if !packet.isEmpty { headers.append(packet) }
            return
        }
        // No vendor and no comments.
        let nothing = [UInt8](repeating: 0, count: 8)
        switch kind {
        // The framing bit (Vorbis I §5.2.1).
        case .vorbis: headers.append([Self.vorbisComment] + Array("vorbis".utf8) + nothing + [1])
        case .opus: headers.append(Array("OpusTags".utf8) + nothing)
        case .speex: headers.append(nothing)
        // The last of the metadata (RFC 9639 §8.1).
        case .flac: headers.append([0x84, 0, 0, 8] + nothing)
        case .oldFLAC: break
        }
    }

    /// Writes the headers, and the segments from `rest` on of the page they end on.
    private mutating func endHeaders(_ page: OggPage, rest: Int, at offset: Int) {
        headersLeft = 0
        guard !isMalformed, let first = headers.first else { return }
        // The first packet has the first page for itself (RFC 3533 §6).
        var bytes = OggPage.pages(of: [first], serial: serial, begins: true)
        if headers.count > 1 { bytes += OggPage.pages(of: Array(headers[1...]), serial: serial, begins: false) }
        let lacing = Array(page.lacing[rest...])
        if !lacing.isEmpty {
            let body = file.bytes(at: offset, count: page.body.upperBound - offset)
            // Its "continued" and "begins" flags belong to the removed packets.
            bytes += OggPage.bytes(flags: page.flags & 4, granule: page.granule, serial: serial, lacing: lacing, body: body)
        }
        parts.append(.bytes(bytes))
        headers = []
    }

    /// Whether a packet of comments begins on the page: libavformat reads them anywhere. No packet of sound looks like one.
    private func hasComment(_ page: OggPage) -> Bool {
        let body = file.bytes(at: page.body.lowerBound, count: page.body.count)
        var offset = 0
        // The continuation of a packet may begin with any byte; if no earlier page began it, it means nothing.
        var isStart = page.flags & 1 == 0
        for segment in page.lacing {
            if isStart, offset < body.count, body[offset] == Self.vorbisComment { return true }
            offset += Int(segment)
            isStart = segment < 255
        }
        return false
    }

    private mutating func append(_ range: Range<Int>) {
        if case .file(let last)? = parts.last, last.upperBound == range.lowerBound || parts.count > Self.mostPieces {
            parts[parts.count - 1] = .file(last.lowerBound..<range.upperBound)
        } else {
            parts.append(.file(range))
        }
    }
}
