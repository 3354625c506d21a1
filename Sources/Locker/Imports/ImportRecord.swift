public import Audio

/// An import's record of a file it has dealt with, so that the file need not be read again.
public struct ImportRecord: Sendable, Hashable {
    /// Tells a file from others, and from itself before a change, without reading it.
    public struct Identity: Sendable, Hashable {
        public var device: UInt64
        public var inode: UInt64
        /// Bytes.
        public var size: Int
        /// When the content last changed, in nanoseconds since 1970.
        public var modified: Int

        public init(device: UInt64, inode: UInt64, size: Int, modified: Int) {
            self.device = device
            self.inode = inode
            self.size = size
            self.modified = modified
        }
    }

    public enum Verdict: Sendable, Hashable {
        case taken(OriginalHash)
        /// One sentence without a full stop.
        case refused(reason: String)
        /// Neither its name nor its first bytes are of sound.
        case passedOver
    }

    /// The absolute path's bytes; they need not be UTF-8.
    public var path: [UInt8]
    public var identity: Identity
    /// Identifies the cover and the lyrics beside the file; empty if there are none.
    public var beside: String
    public var verdict: Verdict
    /// The version of the ingest that gave the verdict: another version may decide otherwise.
    public var version: String

    public init(path: [UInt8], identity: Identity, beside: String, verdict: Verdict, version: String) {
        self.path = path
        self.identity = identity
        self.beside = beside
        self.verdict = verdict
        self.version = version
    }
}
