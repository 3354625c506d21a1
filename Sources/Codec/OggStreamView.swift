import Audio

/// What a demuxer gets to see of a link of an Ogg chain: the pages of its first stream of sound, and headers without their comments.
///
/// libavformat looks for each comment's name among all before it, so that a file of a few hundred kilobytes keeps it busy for
/// minutes; our own reader has the tags. Pages of other streams, whose comments it reads too, are left out as well.
struct OggStreamView {
    private enum Kind {
        case vorbis, opus, speex, flac
        /// What FLAC in Ogg was before its mapping was written down; its comments are passed over by libavformat.
        case oldFLAC
    }

    /// Bytes of a header packet that a decoder needs; the largest known are some tens of kilobytes.
    private static let longestPacket = 1 << 20
    /// Pieces of the file; where the streams are more finely mixed, the rest is left as it is.
    private static let mostPieces = 1 << 16
    private static let vorbisComment: UInt8 = 3

    private let file: InputFile
    private let kind: Kind
    private let serial: Int
    /// Header packets that are not through; of FLAC, whose number need not be said, any number above 0.
    private var headersLeft: Int
    /// Packets of the stream that have ended.
    private var packets = 0
    /// The packet at hand, as far as it is needed.
    private var packet: [UInt8] = []
    /// Whether a packet is at hand that a page before began.
    private var isOpen = false
    private var headers: [[UInt8]] = []
    private var isMalformed = false
    /// What the view is made of.
    private(set) var parts: [FileView.Part] = []

    /// Nil where no stream of sound that is taken begins with this page.
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
            // The first packet of sound: FLAC's frames begin so, and none of its metadata do.
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

    /// Keeps bytes of the packet at hand, if it is one that a decoder needs.
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

    /// Writes the headers, and of the page they end on the segments from `rest` on.
    private mutating func endHeaders(_ page: OggPage, rest: Int, at offset: Int) {
        headersLeft = 0
        guard !isMalformed, let first = headers.first else { return }
        // The first packet has the first page for itself (RFC 3533 §6).
        var bytes = OggPage.pages(of: [first], serial: serial, begins: true)
        if headers.count > 1 { bytes += OggPage.pages(of: Array(headers[1...]), serial: serial, begins: false) }
        let lacing = Array(page.lacing[rest...])
        if !lacing.isEmpty {
            let body = file.bytes(at: offset, count: page.body.upperBound - offset)
            // What it has of "continued" and "begins" belongs to what is gone.
            bytes += OggPage.bytes(flags: page.flags & 4, granule: page.granule, serial: serial, lacing: lacing, body: body)
        }
        parts.append(.bytes(bytes))
        headers = []
    }

    /// Whether a packet of comments begins on the page: libavformat reads them wherever they come. No packet of sound looks so.
    private func hasComment(_ page: OggPage) -> Bool {
        let body = file.bytes(at: page.body.lowerBound, count: page.body.count)
        var offset = 0
        // What a page goes on with begins with any byte, and nothing where no page before began it.
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
