/// Takes over the plays of one export as it comes, a few hundred in a transaction.
public struct ListenImport: Sendable {
    /// Listens in a transaction: nothing else is written meanwhile.
    private static let batch = 250
    /// Milliseconds that an exported clock may be ahead.
    private static let clockSlack = 24 * 60 * 60 * 1000

    private let index: ListenIndex
    private let account: Int64
    private let catalogue: Catalogue
    /// Plays that are kept; nil for all.
    private let most: Int?
    /// Milliseconds since 1970 before which nothing is remembered; nil for no such time.
    private let start: Int?
    private var reader: ListenReader
    private var waiting: [Listen] = []
    /// What became of the listens so far.
    public private(set) var counts = ListenCounts()
    /// Entries that are no listens: what is played now, and those of a clock that was wrong.
    public var ignored: Int { reader.ignored }

    /// - Parameters:
    ///   - index: of the account's tracks.
    ///   - count: As for ``Catalogue/markPlayed(id:account:at:stopped:heard:source:keeping:)``.
    ///   - age: How long plays are remembered; nil for ever.
    public init(
        foundBy index: ListenIndex, account: Int64, in catalogue: Catalogue, keeping count: Int? = nil, for age: Duration? = nil
    ) {
        (self.index, self.account, self.catalogue, most) = (index, account, catalogue, count)
        let now = catalogue.time
        start = age.map { now - Int($0 / .milliseconds(1)) }
        reader = ListenReader(latest: now + Self.clockSlack)
    }

    /// Takes the listens that are whole with these bytes.
    ///
    /// - Throws: ``ListenReader/Malformed``, or ``CatalogueError``. What comes before what is malformed is taken.
    public mutating func read(_ bytes: some Sequence<UInt8>) async throws {
        do {
            try reader.read(bytes, into: &waiting)
        } catch {
            try await write(atLeast: 1)
            throw error
        }
        try await write(atLeast: Self.batch)
    }

    /// Takes the rest, at the end of the file.
    ///
    /// - Throws: as for ``read(_:)``.
    public mutating func finish() async throws {
        do {
            try reader.finish(into: &waiting)
        } catch {
            try await write(atLeast: 1)
            throw error
        }
        try await write(atLeast: 1)
    }

    private mutating func write(atLeast least: Int) async throws {
        while waiting.count >= least {
            let listens = Array(waiting.prefix(Self.batch))
            counts += try await catalogue.add(listens, foundBy: index, account: account, keeping: most, since: start)
            waiting.removeFirst(listens.count)
        }
    }
}
