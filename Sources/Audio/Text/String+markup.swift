extension String {
    /// The text escaped for use between tags and in quoted attributes, in HTML and in XML alike: a parser of either gives it
    /// back.
    ///
    /// Characters that XML 1.0 §2.2 forbids become U+FFFD. Line ends and tabs become references, because XML turns them into
    /// spaces in attributes (§3.3.3).
    public var markup: String {
        var scalars = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            switch scalar {
            case "&": scalars.append(contentsOf: "&amp;".unicodeScalars)
            case "<": scalars.append(contentsOf: "&lt;".unicodeScalars)
            case ">": scalars.append(contentsOf: "&gt;".unicodeScalars)
            case "\"": scalars.append(contentsOf: "&quot;".unicodeScalars)
            case "'": scalars.append(contentsOf: "&#39;".unicodeScalars)
            case "\t", "\n", "\r": scalars.append(contentsOf: "&#\(scalar.value);".unicodeScalars)
            case "\0"..<" ", "\u{FFFE}", "\u{FFFF}": scalars.append("\u{FFFD}")
            default: scalars.append(scalar)
            }
        }
        return String(scalars)
    }
}
