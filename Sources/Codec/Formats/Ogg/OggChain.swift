import Audio

/// The links of a chained Ogg file (RFC 3533 §4), and the length of the sound by their pages. Most files are one link.
struct OggChain {
    /// One link: the pages of streams that begin together.
    struct Link {
        /// The parts of the link that a demuxer sees.
        fileprivate(set) var parts: [FileView.Part]
        /// Nil if the link has neither Vorbis nor Speex.
        fileprivate(set) var timing: Timing?
    }

    /// The page granules of a link's first Vorbis or Speex stream.
    struct Timing {
        /// Packets whose last byte lies on the first page of sound, and that page's granule.
        var firstPackets = 0
        var firstGranule: Int?
        /// The same of the last page.
        var lastPackets = 0
        var lastGranule = 0
        /// Pages of sound that have a granule.
        var pages = 0
    }

    private static let resynchronisation = 1 << 16
    private static let noGranule = -1

    /// At least one, at most ``TrackPart/limit``.
    private(set) var links: [Link] = []
    /// Whether more links follow than are read.
    private(set) var goesOn = false

    private var sound: OggStreamView?
    private var timing: Timing?
    private var serial: Int?
    private var headersLeft = 0

    init(_ file: InputFile, from start: Int) {
        let input = TagInput(file, limit: .max)
        var position = start
        var linkStart = start
        var hasData = false
        var misses = 0
        while let page = OggPage(input, at: position) {
            if page.begins, hasData {
                close(linkStart..<position)
                guard links.count < TrackPart.limit else {
                    goesOn = true
                    return
                }
                (linkStart, hasData, misses) = (position, false, 0)
            }
            hasData = hasData || !page.begins
            note(page, file)
            if sound == nil, !hasData { sound = OggStreamView(page, of: file) }
            sound?.add(page, at: position)
            position = page.body.upperBound
            // After damage between pages, looks for the next page nearby, a few times.
            if position < file.size, OggPage(input, at: position) == nil, misses < 16 {
                misses += 1
                position = Self.resynchronise(file, from: position)
            }
        }
        close(linkStart..<max(linkStart, file.size))
    }

    private mutating func close(_ range: Range<Int>) {
        links.append(Link(parts: sound?.parts ?? [.file(range)], timing: timing))
        (sound, timing, serial, headersLeft) = (nil, nil, nil, 0)
    }

    private mutating func note(_ page: OggPage, _ file: InputFile) {
        if page.begins, serial == nil {
            let head = file.bytes(at: page.body.lowerBound, count: 80)
            if head.starts(with: "\u{1}vorbis".utf8) {
                headersLeft = 3
            } else if head.starts(with: "Speex   ".utf8) {
                // The number of headers behind the comment (speex_header.h).
                headersLeft = 2 + min(16, head.number(at: 68, 4, .little) ?? 0)
            } else {
                return
            }
            serial = page.serial
            timing = Timing()
        }
        guard page.serial == serial, timing != nil else { return }
        let headers = min(headersLeft, page.packets)
        headersLeft -= headers
        let packets = page.packets - headers
        guard headersLeft == 0, packets > 0, page.granule > Self.noGranule else { return }
        if timing?.firstGranule == nil {
            timing?.firstGranule = page.granule
            timing?.firstPackets = packets
        }
        timing?.lastGranule = page.granule
        timing?.lastPackets = packets
        timing?.pages += 1
    }

    private static func resynchronise(_ file: InputFile, from position: Int) -> Int {
        let bytes = file.bytes(at: position, count: resynchronisation)
        let magic = Array("OggS".utf8)
        return bytes.indices.first { bytes[$0] == magic[0] && bytes[$0...].starts(with: magic) }.map { position + $0 }
            ?? file.size
    }
}

extension OggChain.Timing {
    /// The trims of a track with these packets: the excess by the first page's granule comes off the start, the excess by the
    /// last one's off the end (Vorbis I §A.2).
    ///
    /// Nil if the granules make no sense: at most the last page's packets can be cut.
    func trims(_ packets: PacketTable) -> (leadIn: Int, samples: Int)? {
        guard let firstGranule, firstPackets <= packets.count, lastPackets <= packets.count, lastGranule >= firstGranule else {
            return nil
        }
        let first = packets.sampleCount(of: 0..<firstPackets)
        let last = packets.sampleCount(of: (packets.count - lastPackets)..<packets.count)
        // A single page cannot state both; it states the end.
        let leadIn = pages > 1 ? max(0, first - firstGranule) : 0
        let origin = pages > 1 ? max(0, firstGranule - first) : 0
        guard leadIn <= first else { return nil }
        let samples = min(lastGranule - origin, packets.sampleCount - leadIn)
        guard samples > 0, packets.sampleCount - leadIn - samples <= last else { return nil }
        return (leadIn, samples)
    }
}

extension PacketTable {
    fileprivate func sampleCount(of range: Range<Int>) -> Int {
        guard let first = range.first, let last = range.last else { return 0 }
        return self[last].firstSample + self[last].samples - self[first].firstSample
    }
}
