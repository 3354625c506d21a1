internal import Crypto

/// The members of a smart playlist, as its rules were evaluated once.
struct SmartList: Sendable {
    /// Letters of an id.
    private static let idLength = 22

    /// The ids one behind the other: a tenth of what texts would take.
    private let letters: [UInt8]
    /// Of all members.
    let microseconds: Int
    /// When the members may last have changed, in milliseconds since 1970.
    let changed: Int
    /// The same for equal members, and for no others.
    let mark: Int

    var count: Int { letters.count / Self.idLength }
    /// Bytes in memory, with what is around them.
    var size: Int { letters.count + 256 }

    /// - Throws: ``CatalogueError/corrupt(_:)`` if an id has another length.
    init(_ members: [(id: String, microseconds: Int)], changed: Int) throws(CatalogueError) {
        var letters: [UInt8] = []
        letters.reserveCapacity(members.count * Self.idLength)
        for member in members {
            letters += member.id.utf8
            guard member.id.utf8.count == Self.idLength else { throw .corrupt("the id of a track") }
        }
        self.letters = letters
        microseconds = members.reduce(0) { $0 + $1.microseconds }
        self.changed = changed
        mark = SHA256.hash(data: letters).prefix(7).reduce(0) { $0 << 8 | Int($1) }
    }

    /// The ids of the members at these places, those beyond the end left out.
    func ids(_ places: Range<Int>) -> [String] {
        places.clamped(to: 0..<count).map { place in
            String(decoding: letters[place * Self.idLength..<(place + 1) * Self.idLength], as: UTF8.self)
        }
    }

    var ids: [String] { ids(0..<count) }

    func place(of id: String) -> Int? {
        let wanted = Array(id.utf8)
        guard wanted.count == Self.idLength else { return nil }
        return (0..<count).first { place in
            letters[place * Self.idLength..<(place + 1) * Self.idLength].elementsEqual(wanted)
        }
    }
}
