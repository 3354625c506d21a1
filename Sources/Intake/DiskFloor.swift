internal import FileSystem

/// Free space that uploads and imports must leave on the data directory's file system. It is kept for data worth more than
/// another song: the catalogue's own growth, and the maps of stored Originals.
public struct DiskFloor: Sendable {
    private let bytes: Int
    /// Free bytes of a directory's file system.
    private let freeBytes: @Sendable (String) throws -> Int

    /// - Parameter bytes: The bytes that must stay free.
    public init(_ bytes: Int) {
        self.init(bytes) { try Directory.space(of: $0).free }
    }

    init(_ bytes: Int, freeBytes: @escaping @Sendable (String) throws -> Int) {
        self.bytes = max(0, bytes)
        self.freeBytes = freeBytes
    }

    /// Checks that the floor stays free if `count` more bytes are written in `directory`. Blocks for a moment.
    ///
    /// - Throws: ``IntakeError/noRoom`` if it does not, `SystemError`.
    func require(_ count: Int, in directory: String) throws {
        guard try freeBytes(directory) - max(0, count) >= bytes else { throw IntakeError.noRoom }
    }
}
