extension String {
    /// Without control characters: SQLite ends a text at its first zero.
    public var printable: String {
        var scalars = unicodeScalars
        scalars.removeAll { $0.properties.generalCategory == .control }
        return String(scalars)
    }
}
