/// Lyrics line by line, as a player shows them.
///
/// The text is a stranger's. It is read byte by byte, and what comes of it is bounded by ``Limit``: one line may have thousands
/// of times, each of which makes another line of it.
public struct LyricSheet: Sendable, Hashable {
    public struct Line: Sendable, Hashable {
        /// Seconds of the track at which the line begins; nil if that is not known.
        public var at: Double?
        public var text: String
        /// The words that have times of their own, in their order; empty if none has.
        public var cues: [Cue]
        /// Seconds of the track at which the last of these words ends; nil if the text does not say.
        public var end: Double?

        public init(at: Double?, text: String, cues: [Cue] = [], end: Double? = nil) {
            self.at = at
            self.text = text
            self.cues = cues
            self.end = end
        }
    }

    /// A word of a line, or a part of one, with its own time.
    public struct Cue: Sendable, Hashable {
        /// Seconds of the track.
        public var at: Double
        /// Its bytes among those of the line's text in UTF-8; not empty.
        public var bytes: Range<Int>

        public init(at: Double, bytes: Range<Int>) {
            self.at = at
            self.bytes = bytes
        }
    }

    public enum Limit {
        public static let lines = 5000
        /// Bytes of all lines' texts.
        public static let bytes = 1 << 18
    }

    /// Whether lines have times. Then they are in the order of these, and a line without one follows the line that it follows in
    /// the text.
    public private(set) var isSynchronised: Bool
    public private(set) var lines: [Line]

    /// The lines without the headings, the times of single words and the empty lines at the ends. May be empty.
    public init(_ lyrics: TrackTags.Lyrics) {
        (isSynchronised, lines) = (false, [])
        if lyrics.isSynchronised { readTimed(lyrics.text) }
        guard !isSynchronised else { return }
        lines = []
        readPlain(lyrics.text)
    }

    private mutating func readPlain(_ text: String) {
        var bytes = 0
        for line in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            let line = Self.trimmed(line)
            if lines.isEmpty, line.isEmpty { continue }
            bytes += line.count
            guard lines.count < Limit.lines, bytes <= Limit.bytes else { break }
            lines.append(Line(at: nil, text: String(Substring(line))))
        }
        while lines.last?.text.isEmpty == true { lines.removeLast() }
    }

    /// Reads lines of an .lrc file (https://en.wikipedia.org/wiki/LRC_(file_format)).
    private mutating func readTimed(_ text: String) {
        // A line without a time of its own has that of the line before it, which it stays behind.
        var entries: [(milliseconds: Int, line: Line)] = []
        var (bytes, offset, last) = (0, 0, -1)
        for line in text.utf8.split(separator: UInt8(ascii: "\n")) {
            var reader = TimedLine(line)
            if let stated = reader.offset {
                offset = stated
                continue
            }
            let times = reader.times()
            if times.isEmpty, reader.isHeading { continue }
            let (text, words, end) = reader.words()
            if times.isEmpty, text.isEmpty { continue }
            for time in times.isEmpty ? [nil] : times.map(Optional.some) {
                bytes += text.utf8.count
                guard entries.count < Limit.lines, bytes <= Limit.bytes else { break }
                last = time ?? last
                // The words' times are those of one of several places at most.
                let cues = times.count > 1 ? [] : words.map { Cue(at: Double($0.milliseconds) / 1000, bytes: $0.bytes) }
                let ending = cues.isEmpty ? nil : end.map { Double($0) / 1000 }
                entries.append((last, Line(at: time.map { _ in 0 }, text: text, cues: cues, end: ending)))
            }
        }
        isSynchronised = entries.contains { $0.line.at != nil }
        // The sort is stable in order of places: equal times keep the text's order.
        let order = entries.indices.sorted { (entries[$0].milliseconds, $0) < (entries[$1].milliseconds, $1) }
        lines = order.map { place in
            var (milliseconds, line) = entries[place]
            milliseconds = max(0, milliseconds - offset)
            if line.at != nil { line.at = Double(milliseconds) / 1000 }
            func moved(_ seconds: Double) -> Double { max(0, seconds - Double(offset) / 1000) }
            for cue in line.cues.indices { line.cues[cue].at = moved(line.cues[cue].at) }
            line.end = line.end.map(moved)
            return line
        }
    }

    fileprivate static func trimmed(_ text: Substring.UTF8View) -> Substring.UTF8View {
        func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }
        var rest = text.drop(while: isBlank)
        while let last = rest.last, isBlank(last) { rest.removeLast() }
        return rest
    }
}

/// A line of an .lrc file.
private struct TimedLine {
    private static let mostTimes = 200

    private var rest: Substring.UTF8View

    init(_ line: Substring.UTF8View) { rest = LyricSheet.trimmed(line) }

    /// Milliseconds by which all lines are shown sooner, if this is the heading `[offset:500]`.
    var offset: Int? {
        guard let (name, value) = heading, name.lowercased() == "offset" else { return nil }
        let digits = value.utf8.drop { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") }
        guard value.utf8.count - digits.count <= 1, digits.count <= 9, let number = Int(digits: digits) else { return nil }
        return value.utf8.first == UInt8(ascii: "-") ? -number : number
    }

    /// Whether it is a heading such as `[ar:Name]`.
    var isHeading: Bool { heading != nil }

    private var heading: (name: String, value: String)? {
        guard rest.first == UInt8(ascii: "["), rest.last == UInt8(ascii: "]") else { return nil }
        let inside = rest.dropFirst().dropLast()
        guard let colon = inside.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        let name = inside[..<colon]
        guard let first = name.first, first | 0x20 >= UInt8(ascii: "a"), first | 0x20 <= UInt8(ascii: "z") || first == 0x23 else {
            return nil
        }
        return (String(Substring(name)), String(Substring(LyricSheet.trimmed(inside[colon...].dropFirst()))))
    }

    /// Takes the times at the start of the line, in milliseconds.
    mutating func times() -> [Int] {
        var times: [Int] = []
        while rest.first == UInt8(ascii: "["), let (time, end) = Self.time(rest, closedBy: UInt8(ascii: "]")) {
            if times.count < Self.mostTimes { times.append(time) }
            rest = rest[end...].drop { $0 == 0x20 }
        }
        return times
    }

    /// The words without their own times, `<00:12.30>`, where each word with a time lies in them, and when the last ends: a time
    /// behind it says that.
    func words() -> (text: String, cues: [(milliseconds: Int, bytes: Range<Int>)], end: Int?) {
        var bytes: [UInt8] = []
        var starts: [(milliseconds: Int, place: Int)] = []
        var rest = rest
        while let byte = rest.first {
            if byte == UInt8(ascii: "<"), let (time, end) = Self.time(rest, closedBy: UInt8(ascii: ">")) {
                rest = rest[end...]
                if bytes.isEmpty || bytes.last == 0x20 { rest = rest.drop { $0 == 0x20 } }
                starts.append((time, bytes.count))
            } else {
                bytes.append(byte)
                rest = rest.dropFirst()
            }
        }
        func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }
        let first = bytes.firstIndex { !isBlank($0) } ?? bytes.count
        let end = (bytes.lastIndex { !isBlank($0) } ?? first - 1) + 1
        let text = String(decoding: bytes[first..<max(first, end)], as: UTF8.self)
        // Bytes that are not UTF-8 became others, at other places.
        guard text.utf8.count == max(0, end - first) else { return (text, [], nil) }
        let cues = starts.enumerated().compactMap { number, start -> (milliseconds: Int, bytes: Range<Int>)? in
            let next = number + 1 < starts.count ? starts[number + 1].place : end
            var (from, to) = (max(first, start.place), min(end, next))
            while from < to, isBlank(bytes[from]) { from += 1 }
            while to > from, isBlank(bytes[to - 1]) { to -= 1 }
            return from < to ? (start.milliseconds, from - first..<to - first) : nil
        }
        guard let last = starts.last, last.place >= end, last.milliseconds > cues.last?.milliseconds ?? .max else {
            return (text, cues, nil)
        }
        return (text, cues, last.milliseconds)
    }

    /// A time in brackets at the start of `text`, `mm:ss`, `mm:ss.ff`, `mm:ss:ff` or `hh:mm:ss.ff`, and the place behind it.
    private static func time(
        _ text: Substring.UTF8View, closedBy bracket: UInt8
    ) -> (milliseconds: Int, end: Substring.UTF8View.Index)? {
        // No time is longer.
        guard let end = text.prefix(24).firstIndex(of: bracket) else { return nil }
        let parts = text[..<end].dropFirst().split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count), let first = number(parts[0], digits: 6) else { return nil }
        let behind = text.index(after: end)
        if parts.count == 2 {
            return seconds(parts[1]).map { (first * 60_000 + $0, behind) }
        }
        guard let second = number(parts[1], digits: 2) else { return nil }
        if let hundredths = number(parts[2], digits: 2), parts[2].count == 2 {
            return (first * 60_000 + second * 1000 + hundredths * 10, behind)
        }
        return seconds(parts[2]).map { (first * 3_600_000 + second * 60_000 + $0, behind) }
    }

    /// `ss` or `ss.fff` in milliseconds.
    private static func seconds(_ text: Substring.UTF8View) -> Int? {
        let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count <= 2, let whole = number(parts[0], digits: 2) else { return nil }
        guard parts.count == 2 else { return whole * 1000 }
        guard number(parts[1], digits: 9) != nil else { return nil }
        let fraction = zip(parts[1].prefix(3), [100, 10, 1]).reduce(0) { $0 + Int($1.0 - UInt8(ascii: "0")) * $1.1 }
        return whole * 1000 + fraction
    }

    private static func number(_ text: Substring.UTF8View, digits most: Int) -> Int? {
        text.count <= most ? Int(digits: text) : nil
    }
}
