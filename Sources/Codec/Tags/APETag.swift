import Audio

/// An APEv1 or APEv2 tag (https://wiki.hydrogenaud.io/index.php?title=APEv2_specification).
struct APETag {
    private static let length = 32
    private static let maximumItems = 1 << 12
    private static let textBytes = 1 << 18

    /// Where the tag begins in the file, including its header if it has one.
    let start: Int
    /// The first byte behind it.
    let end: Int
    private let items: Range<Int>
    private let count: Int

    /// The tag whose footer ends at `end`; nil if there is none.
    init?(_ input: TagInput, endingAt end: Int) {
        guard let footer = Descriptor(input, at: end - Self.length), footer.size >= Self.length, footer.size <= end else {
            return nil
        }
        items = (end - footer.size)..<(end - Self.length)
        count = footer.count
        start = max(0, items.lowerBound - (footer.hasHeader ? Self.length : 0))
        self.end = end
    }

    /// The tag whose header begins at `start`.
    init?(_ input: TagInput, at start: Int) {
        guard let header = Descriptor(input, at: start) else { return nil }
        let from = start + Self.length
        end = min(from + header.size, max(from, input.size))
        let hasFooter = end - Self.length >= from && input.has("APETAGEX", at: end - Self.length)
        items = from..<(hasFooter ? end - Self.length : end)
        count = header.count
        self.start = start
    }

    func read(_ input: TagInput, _ pictures: inout PictureChoice) -> TagValues {
        var cursor = TagCursor(input, items)
        var values = TagValues()
        for _ in 0..<min(count, Self.maximumItems) {
            guard let size = cursor.number(4, .little), let flags = cursor.number(4, .little), let key = Self.key(&cursor) else {
                break
            }
            let name = key.lowercased()
            switch flags >> 1 & 3 {
            case 1 where name.hasPrefix("cover art") && pictures.mayTake(size):
                var reader = BlockReader(cursor.read(size))
                _ = reader.takeTerminated()
                pictures.offer(reader.rest, type: name == "cover art (front)" ? PictureChoice.frontCover : 0)
            case 0:
                let bytes = cursor.read(min(size, Self.textBytes))
                cursor.skip(size - bytes.count)
                for text in bytes.split(separator: 0, maxSplits: 256) { values.add(name: name, .utf8(text)) }
            default: cursor.skip(size)
            }
        }
        return values.resolved()
    }

    /// 2 to 255 printable ASCII characters.
    private static func key(_ cursor: inout TagCursor) -> String? {
        var key: [UInt8] = []
        while key.count <= 255 {
            guard let byte = cursor.read(1).first else { return nil }
            if byte == 0 { return String(decoding: key, as: UTF8.self) }
            key.append(byte)
        }
        return nil
    }
}

extension APETag {
    /// The header or footer: both have the same fields.
    private struct Descriptor {
        /// Bytes of the items and the footer.
        let size: Int
        let count: Int
        let hasHeader: Bool

        init?(_ input: TagInput, at offset: Int) {
            let bytes = input.bytes(at: offset, count: APETag.length)
            guard bytes.count == APETag.length, bytes.starts(with: "APETAGEX".utf8), let size = bytes.number(at: 12, 4, .little),
                let count = bytes.number(at: 16, 4, .little), let flags = bytes.number(at: 20, 4, .little)
            else { return nil }
            self.size = size
            self.count = count
            hasHeader = flags >> 31 == 1
        }
    }
}
