/// Reads CSV (RFC 4180) of listens byte by byte: with a first line that names the columns, or artist, album, track and time
/// without one. Columns are separated by commas, semicolons or tabs, whichever the first line has most of.
struct ListenTable: Sendable {
    typealias Malformed = ListenReader.Malformed

    private static let mostFields = 64
    private static let longest = 1 << 16

    private enum Column: CaseIterable {
        case artist, album, title, time, recording

        /// Names of the column in lowercase without signs, the most telling first.
        var names: [String] {
            switch self {
            case .artist: ["artist", "artistname"]
            case .album: ["album", "albumname", "albumtitle", "release", "releasename"]
            case .title: ["track", "trackname", "tracktitle", "title", "song", "name"]
            case .time:
                [
                    "uts", "listenedat", "timestamp", "unixtimestamp", "utctime", "playedat", "scrobbledat", "datetime", "date",
                    "time"
                ]
            case .recording: ["recordingmbid", "trackmbid", "mbid"]
            }
        }
    }

    private enum Place {
        case start, plain, quoted
        /// Behind a quotation mark inside a quoted field: it ends there, or has one.
        case mark
    }

    private var line: Int
    /// Where the row began that is being read.
    private var rowLine: Int
    private var place = Place.start
    private var field: [UInt8] = []
    private var fields: [String] = []
    private var rowBytes = 0
    /// The first line as it is, until it is whole.
    private var head: [UInt8]? = []
    private var separator = UInt8(ascii: ",")
    private var columns: [Column: Int] = [:]

    init(line: Int) { (self.line, rowLine) = (line, line) }

    /// The row that is whole with this byte.
    mutating func read(_ byte: UInt8) throws(Malformed) -> ListenDrafts.Draft? {
        if head != nil {
            if byte != 0x0A {
                guard let count = head?.count, count < Self.longest else { throw fault("a line must have at most 65536 bytes") }
                head?.append(byte)
                return nil
            }
            return try readHead(followedBy: [byte])
        }
        return try scan(byte)
    }

    /// The last row, if its line has no end.
    mutating func finish() throws(Malformed) -> ListenDrafts.Draft? {
        let isOnlyLine = head != nil
        let row = isOnlyLine ? try readHead(followedBy: [0x0A]) : nil
        if case .quoted = place { throw fault("the file ends inside quotation marks") }
        return isOnlyLine || (fields.isEmpty && field.isEmpty) ? row : try scan(0x0A)
    }

    private func fault(_ reason: String) -> Malformed { Malformed(line: rowLine, reason: reason) }

    private mutating func readHead(followedBy end: [UInt8]) throws(Malformed) -> ListenDrafts.Draft? {
        let bytes = (head ?? []) + end
        head = nil
        let separators = [UInt8(ascii: ","), UInt8(ascii: ";"), 0x09]
        let counts = separators.map { separator in bytes.count { $0 == separator } }
        if let most = counts.max(), let place = counts.firstIndex(of: most) { separator = separators[place] }
        var row: ListenDrafts.Draft?
        for byte in bytes { row = try scan(byte) ?? row }
        return row
    }

    private mutating func scan(_ byte: UInt8) throws(Malformed) -> ListenDrafts.Draft? {
        if byte == 0x0A { line += 1 }
        rowBytes += 1
        guard rowBytes <= Self.longest else { throw fault("a line must have at most \(Self.longest) bytes") }
        let isQuote = byte == UInt8(ascii: "\"")
        switch place {
        case .quoted: if isQuote { place = .mark } else { field.append(byte) }
        case .mark where isQuote:
            field.append(byte)
            place = .quoted
        case .start where isQuote: place = .quoted
        default:
            if byte == separator {
                try endField()
            } else if byte == 0x0A {
                return try endRow()
            } else if byte != 0x0D {
                if case .mark = place { throw fault("a separator must follow the end of quotation marks") }
                field.append(byte)
                place = .plain
            }
        }
        return nil
    }

    private mutating func endField() throws(Malformed) {
        guard let text = String(validating: field, as: UTF8.self) else { throw fault("a text must be UTF-8") }
        guard fields.count < Self.mostFields else { throw fault("there must be at most \(Self.mostFields) columns") }
        fields.append(text)
        field.removeAll(keepingCapacity: true)
        place = .start
    }

    private mutating func endRow() throws(Malformed) -> ListenDrafts.Draft? {
        defer {
            fields.removeAll(keepingCapacity: true)
            (rowLine, rowBytes) = (line, 0)
        }
        try endField()
        if fields.count == 1, fields[0].isEmpty { return nil }
        if columns.isEmpty {
            let isHead = try nameColumns()
            if isHead { return nil }
        }
        func text(_ column: Column) throws(Malformed) -> String? {
            guard let place = columns[column] else { return nil }
            guard place < fields.count else { throw fault("the line has \(fields.count) columns, fewer than are named") }
            return fields[place]
        }
        var draft = ListenDrafts.Draft()
        (draft.title, draft.artist, draft.album) = (try text(.title), try text(.artist), try text(.album) ?? "")
        draft.recordings.told = try text(.recording) ?? ""
        let time = try text(.time) ?? ""
        draft.at = ListenTime.milliseconds(time)
        // What is played now has no time yet.
        draft.isPlayingNow = time.isEmpty
        if draft.at == nil, !time.isEmpty { throw fault("the time of a listen cannot be read") }
        try ListenDrafts.require(draft, rowLine)
        return draft
    }

    /// Takes the first line as the columns' names, or as a row of artist, album, track and time.
    ///
    /// - Returns: whether it has names.
    private mutating func nameColumns() throws(Malformed) -> Bool {
        // lastfmstats.com writes the listener behind a sign: `Date#name`.
        let names = fields.map { ($0.split(separator: "#").first ?? "").lowercased().filter { $0.isLetter } }
        for column in Column.allCases {
            for name in column.names where columns[column] == nil { columns[column] = names.firstIndex(of: name) }
        }
        if [.artist, .title, .time].allSatisfy({ columns[$0] != nil }) { return true }
        guard fields.count == 4, fields[3].isEmpty || ListenTime.milliseconds(fields[3]) != nil else {
            throw fault(
                "the first line must name the columns artist, track and uts (or date), or have artist, album, track and time")
        }
        columns = [.artist: 0, .album: 1, .title: 2, .time: 3]
        return false
    }
}
