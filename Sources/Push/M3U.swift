internal import Foundation

/// A playlist as players write it: a path a line.
struct M3U: Sendable, Hashable {
    /// Bytes of the largest that is read.
    static let mostBytes = 4 << 20

    /// What it is called in itself; nil where it is not.
    private(set) var name: String?
    /// Absolute paths of the files it names, in its order; addresses are left out.
    private(set) var files: [[UInt8]] = []

    /// - Parameter folder: where the file lies, without a slash at its end.
    init(_ bytes: [UInt8], in folder: [UInt8]) {
        let content = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
        for line in content.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }) {
            let text = String(decoding: line, as: UTF8.self).trimmingCharacters
            if text.hasPrefix("#") {
                if text.hasPrefix("#PLAYLIST:") { name = String(text.dropFirst(10)).trimmingCharacters }
                continue
            }
            if let path = Self.path(Array(line), in: folder) { files.append(path) }
        }
        if name?.isEmpty == true { name = nil }
    }

    private static func path(_ line: [UInt8], in folder: [UInt8]) -> [UInt8]? {
        var line = line
        while let last = line.last, last == 0x20 || last == 0x09 { line.removeLast() }
        if line.isEmpty { return nil }
        let text = String(decoding: line, as: UTF8.self)
        if text.lowercased().hasPrefix("file://") {
            guard let decoded = String(text.dropFirst(7)).removingPercentEncoding, decoded.hasPrefix("/") else { return nil }
            line = Array(decoded.utf8)
        } else if text.contains("://") {
            return nil
        }
        // Windows players write its separators.
        if !line.contains(UInt8(ascii: "/")) { line = line.map { $0 == UInt8(ascii: "\\") ? UInt8(ascii: "/") : $0 } }
        return normal(line.first == UInt8(ascii: "/") ? line : folder + [UInt8(ascii: "/")] + line)
    }

    /// Without `.`, `..` and doubled slashes.
    private static func normal(_ path: [UInt8]) -> [UInt8] {
        var parts: [ArraySlice<UInt8>] = []
        for part in path.split(separator: UInt8(ascii: "/")) {
            if part.elementsEqual([0x2E]) { continue }
            if part.elementsEqual([0x2E, 0x2E]) { _ = parts.popLast() } else { parts.append(part) }
        }
        return parts.flatMap { [UInt8(ascii: "/")] + $0 }
    }
}

extension String {
    fileprivate var trimmingCharacters: String {
        String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}
