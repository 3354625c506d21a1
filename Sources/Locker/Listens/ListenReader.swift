/// Reads exports of listens as they come, a piece at a time, in memory that the size of the file does not change.
///
/// It takes what ListenBrainz exports (JSON lines, and the array of before) and its API's `listens` answer with, the pages of
/// Last.fm's `user.getRecentTracks` in JSON, one or many in an array, and the CSV of the usual exporters. The first sign that is
/// not a space tells JSON from CSV.
public struct ListenReader: Sendable {
    /// Why an export is refused.
    public struct Malformed: Error, Sendable, Hashable {
        /// Counted from 1.
        public var line: Int
        /// A sentence for people, without a full stop.
        public var reason: String
    }

    private enum Form {
        case unknown, json, csv
    }

    private var form = Form.unknown
    private var scanner = JSONScanner(line: 1)
    private var drafts = ListenDrafts()
    private var table = ListenTable(line: 1)
    private var line = 1
    /// Bytes of a byte order mark that were read (U+FEFF in UTF-8).
    private var mark = 0
    private let latest: Int

    /// Listens that are none: what is played now, and those of a clock that was wrong.
    public private(set) var ignored = 0

    /// - Parameter latest: milliseconds since 1970; later listens are of a clock that was wrong.
    public init(latest: Int) { self.latest = latest }

    /// Adds the listens that are whole with these bytes, those before what is malformed among them.
    public mutating func read(_ bytes: some Sequence<UInt8>, into found: inout [Listen]) throws(Malformed) {
        for byte in bytes {
            if form == .unknown {
                try start(byte)
                if form == .unknown { continue }
            }
            if form == .json {
                try scanner.read(byte, &drafts)
                if drafts.isAny { found += drafts.take(latest, &ignored) }
            } else if let row = try table.read(byte) {
                take(row, &found)
            }
        }
    }

    /// Adds the listens that are whole with the end of the file.
    ///
    /// - Throws: ``Malformed`` if it ends in the middle.
    public mutating func finish(into found: inout [Listen]) throws(Malformed) {
        switch form {
        case .unknown: throw Malformed(line: line, reason: "the file is empty")
        case .json:
            try scanner.finish(&drafts)
            found += drafts.take(latest, &ignored)
        case .csv: if let row = try table.finish() { take(row, &found) }
        }
    }

    /// Decides by the first sign of the text.
    private mutating func start(_ byte: UInt8) throws(Malformed) {
        if mark < 3, byte == [0xEF, 0xBB, 0xBF][mark] {
            mark += 1
            return
        }
        if byte == 0x0A { line += 1 }
        if JSONScanner.isSpace(byte) { return }
        guard mark == 0 || mark == 3, byte > 0x20 else {
            throw Malformed(line: line, reason: "must be a text: JSON or CSV. An archive has to be unpacked first")
        }
        form = byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") ? .json : .csv
        (scanner, table) = (JSONScanner(line: line), ListenTable(line: line))
    }

    private mutating func take(_ row: ListenDrafts.Draft, _ found: inout [Listen]) {
        if let listen = row.listen(latest) { found.append(listen) } else { ignored += 1 }
    }
}
