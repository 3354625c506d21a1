internal import Audio
internal import FoundationEssentials

/// Where a page of a list ended: the list and the last row's key. Opaque to clients, which may send any text in its place.
struct PageCursor: Equatable {
    enum Value: Equatable {
        case number(Int)
        case text(String)
    }

    let list: String
    let key: [Value]

    /// Base64url without padding (RFC 4648 §5).
    var encoded: String {
        var writer = ByteWriter()
        writer.writeField(list)
        for value in key {
            switch value {
            case .number(let number):
                writer.write(0 as UInt8)
                writer.writeSigned(number)
            case .text(let text):
                writer.write(1 as UInt8)
                writer.writeField(text)
            }
        }
        return Data(writer.bytes).base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    init(list: String, key: [Value]) {
        self.list = list
        self.key = key
    }

    /// - Throws: ``CatalogueError/badCursor`` if `text` is not a cursor of `listing`.
    init(_ text: String, of listing: Listing) throws(CatalogueError) {
        try self.init(text, list: listing.name, values: listing.columns.count)
    }

    /// - Throws: ``CatalogueError/badCursor`` if `text` is not a cursor of this list, with so many values.
    init(_ text: String, list name: String, values: Int) throws(CatalogueError) {
        let padding = String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        let base64 = text.replacing("-", with: "+").replacing("_", with: "/") + padding
        guard text.utf8.count <= 1 << 18, let data = Data(base64Encoded: base64) else { throw .badCursor }
        var reader = ByteReader(Array(data))
        do {
            list = try reader.readText()
            guard list == name else { throw CatalogueError.badCursor }
            key = try (0..<values).map { _ in
                try reader.read(UInt8.self) == 0 ? .number(try reader.readSigned()) : .text(try reader.readText())
            }
        } catch {
            throw .badCursor
        }
        guard reader.remaining == 0 else { throw .badCursor }
    }
}

extension PageCursor.Value: Bindable {
    init(_ value: SQLValue) throws(CatalogueError) {
        switch value {
        case .integer(let number): self = .number(Int(number))
        case .text(let text): self = .text(text)
        default: throw .corrupt("the key of a list")
        }
    }

    var bound: SQLValue {
        switch self {
        case .number(let number): .integer(Int64(number))
        case .text(let text): .text(text)
        }
    }
}
