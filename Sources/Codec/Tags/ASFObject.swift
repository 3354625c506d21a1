import Audio

/// An object of an ASF file (§2.2) and the GUIDs of the describing ones, in the file's byte order.
struct ASFObject {
    private static let maximumObjects = 1 << 12

    static let header = guid("30 26 B2 75 8E 66 CF 11 A6 D9 00 AA 00 62 CE 6C")
    static let headerExtension = guid("B5 03 BF 5F 2E A9 CF 11 8E E3 00 C0 0C 20 53 65")
    static let contentDescription = guid("33 26 B2 75 8E 66 CF 11 A6 D9 00 AA 00 62 CE 6C")
    static let extendedContentDescription = guid("40 A4 D0 D2 07 E3 D2 11 97 F0 00 A0 C9 5E A8 50")
    private static let metadataLibrary = guid("94 1C 23 44 98 94 D1 49 A1 41 1D 13 4E 45 70 54")
    private static let metadata = guid("EA CB F8 C5 AF 5B 77 48 84 67 AA 8C 44 FA 4C CA")
    static let descriptions = [contentDescription, extendedContentDescription, metadata, metadataLibrary]

    let guid: [UInt8]
    let body: Range<Int>

    /// The sibling objects in `range`, up to the first malformed one.
    static func objects(_ input: TagInput, in range: Range<Int>) -> [ASFObject] {
        var objects: [ASFObject] = []
        var offset = range.lowerBound
        while range.upperBound - offset >= 24, objects.count < maximumObjects {
            let head = input.bytes(at: offset, count: 24)
            guard head.count == 24, let size = head.number(at: 16, 8, .little), size >= 24 else { break }
            let end = size > range.upperBound - offset ? range.upperBound : offset + size
            objects.append(ASFObject(guid: Array(head[..<16]), body: (offset + 24)..<end))
            offset = end
        }
        return objects
    }

    private static func guid(_ hexadecimal: String) -> [UInt8] {
        hexadecimal.split(separator: " ").compactMap { UInt8($0, radix: 16) }
    }
}
