internal import Audio

/// One person's locker.
public struct Account: Sendable, Hashable, Identifiable {
    public var id: Int64
    public var name: String
    /// The plan's name in the configuration.
    public var plan: String
    /// Milliseconds since 1970.
    public var created: Int
    public var tracks: Int
    /// Bytes of its Originals.
    public var bytes: Int
    /// False for the one account of `--open` and `--token`, until it is given a password.
    public var hasPassword: Bool
}

extension Account {
    /// What is wrong with a name, as the end of a sentence; nil if the name is valid.
    ///
    /// Names tell people apart, so no character may be invisible or change the direction of the text.
    public static func fault(inName name: String) -> String? {
        if name.isEmpty || name.unicodeScalars.count > 64 { return "has 1 to 64 characters" }
        let isShown = name.unicodeScalars.allSatisfy {
            let properties = $0.properties
            return !$0.isControl && !properties.isWhitespace && !properties.isDefaultIgnorableCodePoint
                && properties.generalCategory != .format
        }
        return isShown ? nil : "has no spaces, control characters or characters that are not shown"
    }
}
