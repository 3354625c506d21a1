public import Audio

/// Why a file was not taken in.
public enum IntakeError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Ingest refused the file.
    case refused(Refusal)
    /// The file has more bytes than `limit`.
    case tooLarge(limit: Int)
    /// The account's quota, in bytes, has no room for the file.
    case overQuota(Int)
    /// The disk is full, or only the space is left that must stay free.
    case noRoom
    /// The store or the data directory failed; the sentence says how.
    case storage(String)
    /// The file to import cannot be read.
    case unreadable(String)
    /// Another request is writing the upload.
    case busy
    /// The upload is already complete, or was removed.
    case gone
    /// The account has too many unfinished uploads.
    case tooManyUploads
    /// The store is read-only.
    case readOnly
    /// Ingest itself failed, which says nothing about the file.
    case ingestFailed(String)

    /// One sentence without a full stop.
    public var description: String {
        switch self {
        case .refused(let refusal): refusal.reason
        case .tooLarge(let limit): "it has more than \(limit) bytes"
        case .overQuota(let quota): "the quota of \(quota) bytes has no room for it"
        case .noRoom: "the disk has no room for it"
        case .storage(let reason), .unreadable(let reason): reason
        case .busy: "another request is writing it"
        case .gone: "it takes nothing any more"
        case .tooManyUploads: "there are too many unfinished uploads"
        case .readOnly: "the store takes nothing"
        case .ingestFailed(let reason): "ingest failed: \(reason)"
        }
    }
}

/// The parts of an error that outlive the process: ``Locker/UploadRecord/State`` keeps them.
extension IntakeError {
    private static let storageKind = "storage"
    private static let noRoomKind = "noRoom"

    var kind: String {
        switch self {
        case .refused(let refusal): refusal.kind.rawValue
        case .storage: Self.storageKind
        case .noRoom: Self.noRoomKind
        default: "failed"
        }
    }

    var reason: String {
        switch self {
        case .refused(let refusal): refusal.reason + (refusal.offset.map { " (at byte \($0))" } ?? "")
        case .storage(let reason), .ingestFailed(let reason): reason
        default: description
        }
    }

    /// The error that was noted with its `kind` and `reason`.
    public init(kind: String, reason: String) {
        if let refusal = Refusal.Kind(rawValue: kind) {
            self = .refused(Refusal(refusal, reason))
        } else {
            self =
                switch kind {
                case Self.storageKind: .storage(reason)
                case Self.noRoomKind: .noRoom
                default: .ingestFailed(reason)
                }
        }
    }
}
