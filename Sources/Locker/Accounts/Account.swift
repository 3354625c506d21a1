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
    /// Why a name is none, as the end of a sentence; nil where it is one.
    ///
    /// An account's name tells people apart: nothing in it may be invisible or turn the order of what is read.
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
