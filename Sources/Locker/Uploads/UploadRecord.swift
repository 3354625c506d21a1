/// One upload as the catalogue knows it: how much of it is on the disk, and its outcome.
public struct UploadRecord: Sendable, Hashable, Identifiable {
    public enum State: Sendable, Hashable {
        case receiving
        /// All of it is on the disk, and ingest has not said yet what it is.
        case checking
        /// The upload became the track with this id.
        case stored(track: String)
        /// Why it was not taken in: a word for programs and a sentence for people.
        case refused(kind: String, reason: String)
    }

    /// The upload that a client declares.
    public struct Declaration: Sendable, Hashable {
        /// The file's name as its owner knows it.
        public var name: String
        /// Bytes.
        public var length: Int
        /// Whether a small rendition is to be stored instead of the file.
        public var isCompact: Bool
        /// Whether it may come in several requests. If not, it ends with the request that brings it.
        public var isResumable: Bool

        public init(name: String, length: Int, isCompact: Bool = false, isResumable: Bool = false) {
            self.name = name
            self.length = length
            self.isCompact = isCompact
            self.isResumable = isResumable
        }
    }

    /// 22 base62 characters, random.
    public var id: String
    public var account: Int64
    public var declaration: Declaration
    /// The number of leading bytes that are on the disk; it only grows.
    public var offset: Int
    public var state: State
    /// When it is forgotten, in milliseconds since 1970, unless more bytes come before.
    public var expires: Int
}
