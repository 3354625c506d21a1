/// Names of files made of untrusted text.
///
/// Control characters, line ends and path separators become underscores. Marks that turn the direction of writing are removed:
/// with them `gpj.exe` is shown as `exe.jpg`. `Gateway.docc/Decisions/Escaping.md` has why.
public enum FileName {
    private static let separators = Set("/\\".unicodeScalars)
    /// Characters that separate paths, or that Windows refuses in names.
    private static let reserved = Set("/\\:*?\"<>|".unicodeScalars)
    /// Names that Windows reads as devices, whatever their extension.
    private static let devices = Set(
        ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"]
            + ["COM", "LPT"].flatMap { name in "0123456789¹²³".unicodeScalars.map { "\(name)\($0)" } })

    /// A name to propose to a program that applies further rules when it saves: at most 240 bytes of UTF-8. Empty if `text`
    /// is.
    public static func safe(_ text: some StringProtocol) -> String {
        cleaned(text, separators).prefix(bytes: 240)
    }

    /// One name of a path that every file system accepts and every program reads alike: never empty, `..` or hidden. At most 100 bytes of
    /// UTF-8; up to two more if an end of the name needs an underscore.
    public static func portable(_ text: some StringProtocol) -> String {
        var name = Substring(cleaned(text, reserved).prefix(bytes: 100)).unicodeScalars
        // Windows drops dots and spaces at the end.
        while let last = name.last, last == "." || last.properties.isWhitespace { name.removeLast() }
        guard let first = name.first, let last = name.last else { return "_" }
        // A slash behind such a mark is no separator to a program that compares Characters.
        if joins(last, "/") { name.append("_") }
        let result = String(Substring(name))
        return first == "." || joins("/", first) || isDevice(result) ? "_" + result : result
    }

    private static func cleaned(_ text: some StringProtocol, _ unwanted: Set<Unicode.Scalar>) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars where !scalar.turnsDirection {
            scalars.append(unwanted.contains(scalar) || scalar.isControl || scalar.isNoncharacter ? "_" : scalar)
        }
        return String(scalars)
    }

    private static func joins(_ one: Unicode.Scalar, _ other: Unicode.Scalar) -> Bool {
        String(String.UnicodeScalarView([one, other])).count == 1
    }

    private static func isDevice(_ name: String) -> Bool {
        var stem = name.pieces(at: ".", maxSplits: 1, omittingEmpty: false)[0].unicodeScalars
        while stem.last == " " { stem.removeLast() }
        return stem.count <= 7 && devices.contains(Substring(stem).uppercased())
    }
}

extension FileName {
    /// A name's part before its last dot, and the part behind it in lowercase. Returns nil if the name has no dot behind its
    /// first character.
    public static func parted(_ name: some StringProtocol) -> (stem: Substring, suffix: String)? {
        let name = Substring(name)
        guard let dot = name.unicodeScalars.lastIndex(of: "."), dot > name.startIndex else { return nil }
        return (name[..<dot], name[name.unicodeScalars.index(after: dot)...].lowercased())
    }
}

extension Unicode.Scalar {
    /// Unicode §23.7.
    fileprivate var isNoncharacter: Bool { value & 0xFFFE == 0xFFFE || (0xFDD0...0xFDEF).contains(value) }
}
