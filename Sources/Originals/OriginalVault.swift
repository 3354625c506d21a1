public import Audio

/// A store that Originals are also put into and removed from.
///
/// An Original is named after its bytes, and what is made from it may be made again. So every put may be repeated, by whatever process:
/// the store ends with the same files. No two calls about one Original need to be kept apart but a put and a removal; the catalogue does
/// that (see `Catalogue.announce` of Locker).
public protocol OriginalVault: OriginalStore {
    /// Whether the store takes and removes nothing: then ``put(_:of:)`` and ``remove(_:)`` throw ``VaultError/readOnly``.
    var isReadOnly: Bool { get }

    /// Puts finished files into the store, and returns once they are durable. A picture is an Original without a map.
    ///
    /// The parts are stored in their order, the map last. An Original that is stored already stays what it is unless its length differs;
    /// every other part replaces the one before at once, so that a reader sees one or the other.
    ///
    /// - Parameter parts: Paths of local files whose bytes are on the disk and change no more. They may lie on any file system, and
    ///   stay where they are; the store may share their blocks.
    /// - Throws: ``VaultError``. Some of the parts may be stored then: ``remove(_:)`` removes them, with whatever else was left of a put
    ///   that did not end.
    func put(_ parts: [StoredPart: String], of hash: OriginalHash) async throws(VaultError)

    /// Bytes of the Original or picture; nil if the store does not have it.
    func size(of hash: OriginalHash) async throws(OriginalError) -> Int?

    /// Removes an Original or a picture with everything made from it, and returns once that is durable. What is not there is no error.
    ///
    /// If it throws, the removal may still happen later, within a time that the store bounds to the `Catalogue.removalLease` of Locker.
    func remove(_ hash: OriginalHash) async throws(VaultError)

    /// The path of the Original's bytes, wherever they are; nil if the store keeps none on this machine.
    func localFile(of hash: OriginalHash) -> String?

    /// The tags of the stored map, whatever version of this program made it.
    func tags(of hash: OriginalHash) async throws(OriginalError) -> TrackTags

    /// The stored measures if they are of this version of the rules; nil if the Original has to be measured again: missing, damaged,
    /// unreadable and of another version are the same, as nothing that plays depends on them.
    func measures(of hash: OriginalHash, version: Int) async -> SoundMeasures?

    /// Closes what the store holds open. No call may follow.
    func shutdown() async throws
}

extension OriginalVault {
    public func contains(_ hash: OriginalHash) async throws(OriginalError) -> Bool { try await size(of: hash) != nil }

    public func tags(of hash: OriginalHash) async throws(OriginalError) -> TrackTags { try await trackMap(of: hash).tags }

    public func measures(of hash: OriginalHash, version: Int) async -> SoundMeasures? { nil }

    public func shutdown() async throws {}
}

/// Why a store does not take or remove something.
public enum VaultError: Error, Sendable, Equatable {
    case noRoom
    /// The store takes and removes nothing.
    case readOnly
    /// The disk or the origin does not do it now.
    case unreachable(String)
}

/// What a store keeps under an Original's hash, in the order in which it is put there.
public enum StoredPart: Sendable, Hashable, CaseIterable {
    /// The uploaded bytes.
    case original
    /// All packets back to back, beside an Original whose own are not contiguous.
    case packets
    /// The SoundMeasures.
    case measures
    /// The TrackMap: last, because it is what makes the others findable.
    case map

    var suffix: String {
        switch self {
        case .original: ""
        case .packets: ".packets"
        case .measures: ".measures"
        case .map: ".map"
        }
    }
}
