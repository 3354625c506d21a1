internal import Audio

/// The part of a representation of known length that a `Range` header field asks for (RFC 9110 §14).
public enum RequestedRange: Equatable, Sendable {
    /// No range, or one to be ignored: answer with the whole.
    case whole
    /// One range of bytes, cut to the length; never empty.
    case satisfiable(Range<Int>)
    /// No byte of the representation is in the range.
    case unsatisfiable

    /// Reads `bytes=A-B`, `bytes=A-` or `bytes=-N`.
    ///
    /// Several ranges, another unit and anything malformed are ignored, as RFC 9110 §14.2 allows. Numbers beyond `Int` count as
    /// `Int.max`. An empty representation is always asked for whole, since `Content-Range` cannot describe a part of it.
    public static func parse(_ header: String?, length: Int) -> RequestedRange {
        guard let header, length > 0 else { return .whole }
        let field = FieldSyntax.trimmed(Array(header.utf8)[...])
        guard let equals = field.firstIndex(of: UInt8(ascii: "=")),
            field[..<equals].map({ $0 | 0x20 }) == Array("bytes".utf8)
        else { return .whole }
        let ranges = field[(equals + 1)...].split(separator: UInt8(ascii: ","))
            .map(FieldSyntax.trimmed).filter { !$0.isEmpty }
        guard ranges.count == 1, let dash = ranges[0].firstIndex(of: UInt8(ascii: "-")) else { return .whole }
        return parse(first: ranges[0][..<dash], last: ranges[0][(dash + 1)...], length: length)
    }

    private static func parse(first: ArraySlice<UInt8>, last: ArraySlice<UInt8>, length: Int) -> RequestedRange {
        switch (first.isEmpty, last.isEmpty) {
        case (true, true):
            return .whole
        case (true, false):
            guard let suffix = Int(clampingDigits: last) else { return .whole }
            return suffix == 0 ? .unsatisfiable : .satisfiable(max(0, length - suffix)..<length)
        case (false, _):
            guard let lower = Int(clampingDigits: first), let upper = last.isEmpty ? .max : Int(clampingDigits: last),
                lower <= upper
            else { return .whole }
            return lower < length ? .satisfiable(lower..<min(upper, length - 1) + 1) : .unsatisfiable
        }
    }
}
