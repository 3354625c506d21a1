public import Audio

/// Why a file was not taken in.
public enum IntakeError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Ingest looked at it and will not have it.
    case refused(Refusal)
    /// It has more bytes than the upload may have.
    case tooLarge(limit: Int)
    /// The account's quota, in bytes, has no room for it.
    case overQuota(Int)
    /// The data directory does not take it: a full disk, say.
    case storage(String)
    /// The file to import cannot be read.
    case unreadable(String)
    /// Ingest itself failed, which says nothing about the file.
    case ingestFailed(String)

    /// One sentence without a full stop.
    public var description: String {
        switch self {
        case .refused(let refusal): refusal.reason
        case .tooLarge(let limit): "it has more than \(limit) bytes"
        case .overQuota(let quota): "the quota of \(quota) bytes has no room for it"
        case .storage(let reason), .unreadable(let reason): reason
        case .ingestFailed(let reason): "ingest failed: \(reason)"
        }
    }
}
