internal import Audio
internal import FoundationEssentials

/// Where a page of tracks ended: the sort and the last track's key. Opaque to clients, so it may come back as anything.
struct PageCursor: Equatable {
    enum Value: Equatable {
        case number(Int)
        case text(String)
    }

    let sort: TrackSort
    let key: [Value]

    init(after track: Track, sort: TrackSort) {
        self.sort = sort
        key = track.key(for: sort)
    }

    /// Base64url without padding (RFC 4648 §5).
    var encoded: String {
        var writer = ByteWriter()
        writer.writeField(sort.rawValue)
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

    /// - Throws: ``CatalogueError/badCursor`` for anything but a cursor of `sort`.
    init(_ text: String, sort: TrackSort) throws(CatalogueError) {
        let padding = String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        let base64 = text.replacing("-", with: "+").replacing("_", with: "/") + padding
        guard text.utf8.count <= 1 << 18, let data = Data(base64Encoded: base64) else { throw .badCursor }
        var reader = ByteReader(Array(data))
        do {
            guard try reader.readText() == sort.rawValue else { throw CatalogueError.badCursor }
            self.sort = sort
            key = try sort.columns.map { _ in
                try reader.read(UInt8.self) == 0 ? .number(try reader.readSigned()) : .text(try reader.readText())
            }
        } catch {
            throw .badCursor
        }
        guard reader.remaining == 0 else { throw .badCursor }
    }
}
