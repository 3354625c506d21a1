import Packaging

/// The URLs of files that are named after their bytes. A style sheet names others, so its bytes have their URLs in them and
/// are made after theirs.
struct HashedNames {
    private let files: [String: [UInt8]]
    /// The files' bytes as they are served.
    private(set) var contents: [String: [UInt8]] = [:]
    private(set) var complaints: [String] = []
    private var urls: [String: String] = [:]
    /// Style sheets under way: one that is met again names itself by a circle.
    private var open: Set<String> = []

    /// - Parameter files: those with other characters in their paths than letters, digits, `.`, `-`, `_` and `/` are left out:
    ///   no URL of the server has an escape.
    init(_ files: [String: [UInt8]]) {
        self.files = files.filter { path, _ in Self.isPlain(path) }
        complaints = files.keys.filter { !Self.isPlain($0) }.map { "\($0) has characters that no URL here has: it is not served" }
    }

    static func isPlain(_ path: String) -> Bool {
        path.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
            default: ".-_/".utf8.contains(byte)
            }
        }
    }

    /// The URL of each file, by its path.
    mutating func makeAll() -> [String: String] {
        for path in files.keys.sorted() { _ = url(of: path) }
        return urls
    }

    private mutating func url(of path: String) -> String? {
        if let known = urls[path] { return known }
        guard var bytes = files[path] else { return nil }
        if path.hasSuffix(".css") {
            guard open.insert(path).inserted else {
                complaints.append("\(path) is imported by itself: it has no URL there")
                return nil
            }
            defer { open.remove(path) }
            var text = WebText(bytes)
            let named = Dictionary(text.links.map { ($0, url(of: $0)) }) { first, _ in first }.compactMapValues { $0 }
            text.replaceLinks(named)
            bytes = text.bytes
        }
        let name = "/web/\(EntityTag.bytes(bytes).prefix(16))\(path)"
        (urls[path], contents[path]) = (name, bytes)
        return name
    }
}
