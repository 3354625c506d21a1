/// Why a file is refused. The sentence is for the person who owns the file.
public struct Refusal: Error, Sendable, Hashable {
    public enum Kind: String, Sendable, Hashable {
        /// Not one of the accepted formats, by its first bytes.
        case unsupportedFormat = "unsupported-format"
        /// An accepted format whose sound cannot be decoded.
        case undecodable
        /// Beyond a limit on size, duration, rate or channels.
        case tooLarge = "too-large"
    }

    public var kind: Kind
    /// One sentence without a full stop: what is wrong.
    public var reason: String
    /// The offset of the fault in the file in bytes, if known.
    public var offset: Int?

    public init(_ kind: Kind, _ reason: String, offset: Int? = nil) {
        self.kind = kind
        self.reason = reason
        self.offset = offset
    }
}
