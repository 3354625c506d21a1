import Audio

/// The elements of a Matroska file that are hidden from the demuxer (RFC 9559 §5): chapters and attachments, and tags in numbers
/// that no person writes. The same ones that libavformat finds: those before the first cluster, and those that a seek head points
/// to.
struct MatroskaTags {
    private struct Element {
        let identifier: Int
        /// Where its identifier is.
        let start: Int
        let body: Range<Int>
    }

    private static let segment = 0x1853_8067
    private static let seekHead = 0x114D_9B74
    private static let seek = 0x4DBB
    private static let seekPosition = 0x53AC
    private static let cluster = 0x1F43_B675
    private static let tags = 0x1254_C367
    private static let useless = [0x1043_A770, 0x1941_A469]
    /// The element that each tag contains once.
    private static let simpleTag: [UInt8] = [0x67, 0xC8]
    private static let mostTags = 1024
    private static let mostElements = 4096
    /// More places than any seek head has.
    private static let mostTargets = 64
    /// Bytes before the first cluster that are searched.
    private static let longestHead = 64 << 20
    private static let piece = 1 << 20
    /// An unassigned identifier of four bytes, so that its element is skipped unread.
    static let nothing: [UInt8] = [0x1F, 0xEF, 0xEF, 0xEF]

    private let input: TagInput
    /// Where the identifiers of such elements are, in bytes of the file.
    private(set) var hidden: Set<Int> = []
    private var segmentStart = 0
    /// The targets of seek heads that were not visited yet.
    private var targets: [Int] = []
    private var seen: Set<Int> = []
    /// Bytes of tags that are still counted; tags behind them are hidden uncounted.
    private var budget = longestHead

    init(_ file: InputFile, from start: Int) {
        input = TagInput(file, limit: .max)
        var offset = start
        // The EBML header, and other elements that may come before the segment.
        for _ in 0..<16 {
            guard let element = element(at: offset) else { return }
            offset = element.body.upperBound
            guard element.identifier == Self.segment else { continue }
            segmentStart = element.body.lowerBound
            search(segmentStart..<head(of: element.body))
            while let target = targets.popLast() {
                if seen.insert(target).inserted, let element = self.element(at: target) { look(at: element) }
            }
            return
        }
    }

    /// Where the first cluster begins, or where the last well-formed element ends.
    private func head(of segment: Range<Int>) -> Int {
        var offset = segment.lowerBound
        for _ in 0..<Self.mostElements {
            guard offset < segment.upperBound, let element = element(at: offset), element.identifier != Self.cluster else {
                break
            }
            offset = element.body.upperBound
        }
        return min(offset, segment.lowerBound + Self.longestHead)
    }

    /// Searches identifiers byte by byte: libavformat takes one within another element for that element's end.
    private mutating func search(_ range: Range<Int>) {
        let identifiers = Self.useless + [Self.tags, Self.seekHead]
        var word = 0
        var offset = range.lowerBound
        while offset < range.upperBound {
            let bytes = input.bytes(at: offset, count: min(Self.piece, range.upperBound - offset))
            if bytes.isEmpty { return }
            for (place, byte) in bytes.enumerated() {
                word = (word << 8 | Int(byte)) & 0xFFFF_FFFF
                guard identifiers.contains(word), hidden.count < Self.mostElements else { continue }
                let start = offset + place - 3
                if let element = element(at: start) { look(at: element) }
            }
            offset += bytes.count
        }
    }

    private mutating func look(at element: Element) {
        switch element.identifier {
        case Self.tags:
            if hasTooMany(element.body) { hidden.insert(element.start) }
        case Self.useless[0], Self.useless[1]: hidden.insert(element.start)
        case Self.seekHead: if !readSeekHead(element.body) { hidden.insert(element.start) }
        default: break
        }
    }

    /// Returns false if the seek head has too many targets.
    private mutating func readSeekHead(_ range: Range<Int>) -> Bool {
        var offset = range.lowerBound
        for _ in 0..<Self.mostElements {
            guard offset < range.upperBound, let element = element(at: offset) else { break }
            var inner = element.body.lowerBound
            while element.identifier == Self.seek, inner < element.body.upperBound, let part = self.element(at: inner) {
                if part.identifier == Self.seekPosition,
                    let place = input.bytes(at: part.body.lowerBound, count: min(8, part.body.count))
                        .number(at: 0, min(8, part.body.count), .big),
                    place >= 0, place < input.size
                {
                    guard seen.count + targets.count < Self.mostTargets else { return false }
                    targets.append(segmentStart + place)
                }
                inner = part.body.upperBound
            }
            offset = element.body.upperBound
        }
        return true
    }

    private mutating func hasTooMany(_ range: Range<Int>) -> Bool {
        var count = 0
        var cursor = TagCursor(input, range)
        var last: UInt8 = 0
        while count <= Self.mostTags {
            let bytes = cursor.read(1 << 16)
            if bytes.isEmpty { return false }
            budget -= bytes.count
            guard budget > 0 else { return true }
            for byte in bytes {
                if last == Self.simpleTag[0], byte == Self.simpleTag[1] { count += 1 }
                last = byte
            }
        }
        return true
    }

    /// RFC 8794 §5 and §6; an element of unknown size reaches to the file's end. Never of zero bytes, so that a walk advances.
    private func element(at offset: Int) -> Element? {
        let head = input.bytes(at: offset, count: 12)
        guard let first = head.first, first >= 0x10 else { return nil }
        let width = first.leadingZeroBitCount + 1
        guard let identifier = head.number(at: 0, width, .big), width < head.count else { return nil }
        let sizeWidth = head[width].leadingZeroBitCount + 1
        guard sizeWidth <= 8, let raw = head.number(at: width, sizeWidth, .big) else { return nil }
        let mask = 1 << (7 * sizeWidth) - 1
        let start = offset + width + sizeWidth
        guard start <= input.size else { return nil }
        let size = raw & mask
        let end = size == mask || size > input.size - start ? input.size : start + size
        return Element(identifier: identifier, start: offset, body: start..<end)
    }
}
