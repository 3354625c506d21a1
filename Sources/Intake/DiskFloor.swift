internal import Originals

/// Free space that uploads and imports leave on the data directory's file system, for what is worth more than another song: the
/// catalogue's own growth, and the maps of what is stored.
public struct DiskFloor: Sendable {
    private let bytes: Int
    /// Free bytes of a directory's file system.
    private let freeBytes: @Sendable (String) throws -> Int

    /// - Parameter bytes: Never to be used.
    public init(_ bytes: Int) {
        self.init(bytes) { try Directory.space(of: $0).free }
    }

    init(_ bytes: Int, freeBytes: @escaping @Sendable (String) throws -> Int) {
        self.bytes = max(0, bytes)
        self.freeBytes = freeBytes
    }

    /// Refuses what `count` bytes more in `directory` would take of the floor. Blocks for a moment.
    ///
    /// - Throws: ``IntakeError/noRoom``, `SystemError`.
    func require(_ count: Int, in directory: String) throws {
        guard try freeBytes(directory) - max(0, count) >= bytes else { throw IntakeError.noRoom }
    }
}
