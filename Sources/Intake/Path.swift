internal import Glibc

/// A path's bytes, which need not be UTF-8. All calls block.
struct Path: Sendable, Hashable {
    struct Name: Sendable, Hashable {
        let bytes: [UInt8]

        var text: String { String(decoding: bytes, as: UTF8.self) }
        var isHidden: Bool { bytes.first == UInt8(ascii: ".") }
    }

    private static let slash = UInt8(ascii: "/")

    /// As it is opened and shown.
    let bytes: [UInt8]
    /// The file's absolute path, by which an import remembers the file, however it was named.
    let key: [UInt8]

    /// A path as a person gives it.
    init(named path: String) {
        bytes = Array(path.utf8)
        key = Self.absolute(bytes)
    }

    /// An absolute path, taken as it is.
    init(absolute path: [UInt8]) {
        (bytes, key) = (path, path)
    }

    private init(bytes: [UInt8], key: [UInt8]) {
        (self.bytes, self.key) = (bytes, key)
    }

    func appending(_ name: Name) -> Path {
        func append(to path: [UInt8]) -> [UInt8] { path + (path.last == Self.slash ? [] : [Self.slash]) + name.bytes }
        return Path(bytes: append(to: bytes), key: append(to: key))
    }

    /// The folder and the name in it; nil if there is no name.
    var split: (folder: Path, name: Name)? {
        guard let (parent, name) = Self.split(bytes), let (keyParent, _) = Self.split(key) else { return nil }
        return (Path(bytes: parent, key: keyParent), Name(bytes: name))
    }

    var text: String { String(decoding: bytes, as: UTF8.self) }

    /// The bytes, ended by a zero.
    var cString: [CChar] { Self.cString(bytes) }

    /// The status of the file that the path, or a symbolic link, leads to; nil if it cannot be read.
    var status: stat? {
        var status = stat()
        return unsafe stat(cString, &status) == 0 ? status : nil
    }

    /// The status of the file, or of a symbolic link itself; nil if it cannot be read.
    var linkStatus: stat? {
        var status = stat()
        return unsafe lstat(cString, &status) == 0 ? status : nil
    }

    /// Whether no file has this path; false also if that cannot be known.
    var isGone: Bool {
        var status = stat()
        return unsafe lstat(cString, &status) != 0 && (errno == ENOENT || errno == ENOTDIR)
    }

    private static func cString(_ bytes: [UInt8]) -> [CChar] { bytes.map(CChar.init(bitPattern:)) + [0] }

    private static func split(_ bytes: [UInt8]) -> (parent: [UInt8], name: [UInt8])? {
        guard let last = bytes.lastIndex(of: slash) else { return bytes.isEmpty ? nil : (Array(".".utf8), bytes) }
        let name = Array(bytes[(last + 1)...])
        guard !name.isEmpty else { return nil }
        return (last == 0 ? [slash] : Array(bytes[..<last]), name)
    }

    /// Resolves links in the folder's path, so that a file has one path however its folder is reached. A file that is itself
    /// a link keeps its name.
    private static func absolute(_ bytes: [UInt8]) -> [UInt8] {
        var status = stat()
        let isFolder = unsafe stat(cString(bytes), &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
        if isFolder, let resolved = resolved(bytes) { return resolved }
        guard let (parent, name) = split(bytes), let folder = resolved(parent) else { return bytes }
        return folder + (folder.last == slash ? [] : [slash]) + name
    }

    private static func resolved(_ bytes: [UInt8]) -> [UInt8]? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        guard unsafe realpath(cString(bytes), &buffer) != nil else { return nil }
        return buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:))
    }
}
