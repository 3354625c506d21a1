/// Why a file is not taken in. The sentence is for the person whose file it is.
public struct Refusal: Error, Sendable, Hashable {
    public enum Kind: String, Sendable, Hashable {
        /// Not one of the accepted formats, by its first bytes.
        case unsupportedFormat = "unsupported-format"
        /// An accepted format whose sound cannot be had.
        case undecodable
        /// Beyond a limit on size, duration, rate or channels.
        case tooLarge = "too-large"
    }

    public var kind: Kind
    /// One sentence without a full stop: what is wrong.
    public var reason: String
    /// Where in the file it went wrong, in bytes, where that is known.
    public var offset: Int?

    public init(_ kind: Kind, _ reason: String, offset: Int? = nil) {
        self.kind = kind
        self.reason = reason
        self.offset = offset
    }
}
