internal import Audio
internal import NIOHTTP1

/// The fetch of one file, or of one range of it, from an origin: the next request, and the verdict on each answer.
struct RangeRequest {
    /// First byte wanted.
    let start: Int
    /// The byte after the last one wanted; nil for the rest of the file until the origin has told its length.
    private(set) var end: Int?
    /// Files of more bytes than this are refused while `end` is not known.
    let limit: Int
    private(set) var bytes: [UInt8] = []

    init(_ range: Range<Int>) {
        (start, end, limit) = (range.lowerBound, range.upperBound, range.upperBound)
    }

    init(wholeFileOfAtMost limit: Int) {
        (start, end, self.limit) = (0, nil, limit)
    }

    var isComplete: Bool { end.map { position >= $0 } ?? false }

    /// The `Range` field that asks for the missing bytes.
    var field: String { "bytes=\(position)-\(end.map { String($0 - 1) } ?? "")" }

    private var position: Int { start + bytes.count }

    /// Judges a response's head.
    ///
    /// - Returns: the number of bytes that the response's body must have.
    mutating func accept(_ status: HTTPResponseStatus, _ headers: HTTPHeaders) throws(OriginalError) -> Int {
        let length = headers.first(name: "Content-Length").flatMap { Int(digits: $0) }
        let covered: Range<Int>
        let total: Int?
        switch status {
        case .partialContent:
            guard let range = headers.first(name: "Content-Range").flatMap(ContentRange.init) else {
                throw .unreachable("the origin answers 206 without a usable Content-Range")
            }
            (covered, total) = (range.range, range.total)
        case .ok:
            guard let length else { throw .unreachable("the origin answers 200 without a length") }
            (covered, total) = (0..<length, length)
        case .notFound, .gone:
            throw .missing
        case .rangeNotSatisfiable:
            throw .damaged("it ends before byte \(position)")
        default:
            throw .unreachable("the origin answers \(status.code)")
        }

        let encodings = headers["Content-Encoding"]
        guard encodings.allSatisfy({ $0.lowercased() == "identity" }) else {
            throw .unreachable("the origin sends \(encodings) instead of the stored bytes")
        }
        try settleEnd(total: total)
        let wanted = position..<max(position, end ?? covered.upperBound)
        // A 200 in place of the requested range is accepted only if its body is exactly that range.
        guard covered.lowerBound == wanted.lowerBound, covered.upperBound <= wanted.upperBound,
            status == .partialContent || covered == wanted
        else { throw .unreachable("the origin sends bytes \(covered) instead of \(wanted)") }
        guard length == nil || length == covered.count else {
            throw .unreachable("the origin sends \(length ?? 0) bytes for \(covered)")
        }
        return covered.count
    }

    /// Checks the wanted range against the file's length.
    private mutating func settleEnd(total: Int?) throws(OriginalError) {
        guard let end else {
            guard let total else { throw .unreachable("the origin does not tell the file's length") }
            guard total <= limit else { throw .damaged("it has \(total) bytes, more than \(limit)") }
            end = total
            return
        }
        if let total, total < end { throw .endsEarly(at: total, start..<end) }
    }

    mutating func append(_ part: some Sequence<UInt8>) {
        bytes.append(contentsOf: part)
    }
}
