/// Names of files that are made of texts which anybody may have written.
///
/// Control characters, what ends a line, and what separates the names of a path become underscores. Marks that turn the direction of
/// writing are left out: with them `gpj.exe` is shown as `exe.jpg`. `Gateway.docc/Decisions/Escaping.md` has why.
public enum FileName {
    private static let separators = Set("/\\".unicodeScalars)
    /// With what Windows takes in no name.
    private static let reserved = Set("/\\:*?\"<>|".unicodeScalars)
    /// What Windows takes for devices, whatever their extension.
    private static let devices = Set(
        ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"]
            + ["COM", "LPT"].flatMap { name in "0123456789¹²³".unicodeScalars.map { "\(name)\($0)" } })

    /// A name to propose to a program that has rules of its own for what it saves: empty where `text` is.
    ///
    /// - Parameter count: of UTF-8, at most.
    public static func safe(_ text: some StringProtocol, bytes count: Int = 240) -> String {
        cleaned(text, separators).prefix(bytes: count)
    }

    /// One name of a path that every file system takes, and no program takes for another: not empty, not `..`, hidden nowhere.
    ///
    /// - Parameter count: of UTF-8, at most; two more where the name's ends need company.
    public static func portable(_ text: some StringProtocol, bytes count: Int = 100) -> String {
        var name = Substring(cleaned(text, reserved).prefix(bytes: count)).unicodeScalars
        // Windows leaves dots and spaces at the end out.
        while let last = name.last, last == "." || last.properties.isWhitespace { name.removeLast() }
        guard let first = name.first, let last = name.last else { return "_" }
        // Beside a mark of no character of its own, a slash is none to a program that looks at characters.
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
    /// A name's part before its last dot, and what is behind it in lowercase; nil for a name without a dot, or with none but at its
    /// start.
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
