import Audio

/// The describing header objects of a Windows Media file (Advanced Systems Format specification §3).
struct ASFTags {
    private static let maximumAttributes = 1 << 12
    private static let textBytes = 1 << 18

    private let input: TagInput
    private var values = TagValues()

    static func read(_ input: TagInput, _ pictures: inout PictureChoice) -> TagValues {
        var tags = Self(input: input)
        let header = input.bytes(at: 0, count: 30)
        guard header.starts(with: ASFObject.header), let size = header.number(at: 16, 8, .little) else { return TagValues() }
        tags.readObjects(in: 30..<max(30, min(size, input.size)), &pictures)
        return tags.values.resolved()
    }

    private init(input: TagInput) {
        self.input = input
    }

    private mutating func readObjects(in range: Range<Int>, _ pictures: inout PictureChoice) {
        let outer = ASFObject.objects(input, in: range)
        // The extension holds further objects behind 22 bytes, and never another extension.
        let extensions = outer.filter { $0.guid == ASFObject.headerExtension }.prefix(1)
        let objects = outer + extensions.flatMap { ASFObject.objects(input, in: $0.body.dropFirst(22)) }
        // In a field of several values the plain descriptions come first, wherever they are.
        for guid in ASFObject.descriptions {
            for object in objects where object.guid == guid {
                var cursor = TagCursor(input, object.body)
                switch guid {
                case ASFObject.contentDescription: readDescription(&cursor)
                case ASFObject.extendedContentDescription: readExtendedDescription(&cursor, &pictures)
                default: readLibrary(&cursor, &pictures)
                }
            }
        }
    }

    /// §3.10.
    private mutating func readDescription(_ cursor: inout TagCursor) {
        let lengths = (0..<5).compactMap { _ in cursor.number(2, .little) }
        guard lengths.count == 5 else { return }
        for (length, name) in zip(lengths, ["title", "author", "copyright", "description", "rating"]) {
            values.add(name: name, .utf16LittleEndian(cursor.read(length)[...]))
        }
    }

    /// §3.11.
    private mutating func readExtendedDescription(_ cursor: inout TagCursor, _ pictures: inout PictureChoice) {
        for _ in 0..<(cursor.number(2, .little) ?? 0) {
            guard let nameLength = cursor.number(2, .little) else { return }
            let name = cursor.read(nameLength)
            guard let type = cursor.number(2, .little), let length = cursor.number(2, .little) else { return }
            add(name, type, length, &cursor, &pictures)
        }
    }

    /// §4.7 and §4.8: the same with longer values.
    private mutating func readLibrary(_ cursor: inout TagCursor, _ pictures: inout PictureChoice) {
        for _ in 0..<min(cursor.number(2, .little) ?? 0, Self.maximumAttributes) {
            cursor.skip(4)
            guard let nameLength = cursor.number(2, .little), let type = cursor.number(2, .little),
                let length = cursor.number(4, .little)
            else { return }
            let name = cursor.read(nameLength)
            add(name, type, length, &cursor, &pictures)
        }
    }

    private mutating func add(
        _ name: [UInt8], _ type: Int, _ length: Int, _ cursor: inout TagCursor, _ pictures: inout PictureChoice
    ) {
        let name = TagText.utf16LittleEndian(name[...]).latin1
        switch type {
        case 0:
            let bytes = cursor.read(min(length, Self.textBytes))
            cursor.skip(length - bytes.count)
            values.add(name: name, .utf16LittleEndian(bytes[...]))
        case 1 where name.lowercased() == "wm/picture" && pictures.mayTake(length):
            var reader = BlockReader(cursor.read(length))
            guard let type = reader.number(1, .big), let size = reader.number(4, .little) else { return }
            // Its MIME type and its description.
            _ = reader.takeTerminated(unit: 2)
            _ = reader.takeTerminated(unit: 2)
            pictures.offer(reader.rest.prefix(size), type: type)
        case 2...5:
            let bytes = cursor.read(min(length, 8))
            cursor.skip(length - bytes.count)
            guard let number = bytes.number(at: 0, bytes.count, .little) else { return }
            // The first Windows Media players counted tracks from 0 under another name.
            let isZeroBased = name.lowercased() == "wm/track"
            values.add(name: isZeroBased ? "track" : name, .text("\(isZeroBased && number < .max ? number + 1 : number)"))
        default: cursor.skip(length)
        }
    }
}
