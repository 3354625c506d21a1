extension StringProtocol {
    /// The pieces between separators; each separator counts, whatever characters stand beside it.
    ///
    /// `split` compares Characters: it misses a slash before a combining mark or behind a sign such as U+0600, and a line feed
    /// behind a carriage return, and it takes U+037E for a semicolon.
    public func pieces(
        at separator: Unicode.Scalar, maxSplits: Int = .max, omittingEmpty: Bool = true
    ) -> [Substring] {
        Substring(self).unicodeScalars
            .split(separator: separator, maxSplits: maxSplits, omittingEmptySubsequences: omittingEmpty).map { Substring($0) }
    }

    /// As many whole scalars from the start as `count` bytes of UTF-8 hold.
    public func prefix(bytes count: Int) -> String {
        guard utf8.count > count else { return String(self) }
        var scalars = String.UnicodeScalarView()
        var rest = count
        for scalar in unicodeScalars {
            rest -= UTF8.width(scalar)
            if rest < 0 { break }
            scalars.append(scalar)
        }
        return String(scalars)
    }
}
