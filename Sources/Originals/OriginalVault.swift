public import Audio

/// A store that Originals are also put into and removed from.
///
/// An Original is named after its bytes, and everything that is made from it can be made again. So any process may repeat a
/// put, and the store ends with the same files. Only a put and a removal of one Original must not overlap; the catalogue
/// keeps them apart (see `Catalogue.announce` of Locker).
public protocol OriginalVault: OriginalStore {
    /// Whether the store takes and removes nothing: then ``put(_:of:)`` and ``remove(_:)`` throw ``VaultError/readOnly``.
    var isReadOnly: Bool { get }

    /// Puts finished files into the store, and returns once they are durable. A picture is an Original without a map.
    ///
    /// The parts are stored in their order, the map last. An Original that is stored already stays unchanged, unless its
    /// length differs. Every other part replaces the earlier one in one step, so that a reader sees one or the other.
    ///
    /// - Parameter parts: paths of local files whose bytes are on the disk and no longer change. They may lie on any file
    ///   system, and stay where they are; the store may share their blocks.
    /// - Throws: ``VaultError``. Some of the parts may be stored then: ``remove(_:)`` removes them, and everything else that
    ///   an unfinished put left.
    func put(_ parts: [StoredPart: String], of hash: OriginalHash) async throws(VaultError)

    /// Bytes of the Original or picture; nil if the store does not have it.
    func size(of hash: OriginalHash) async throws(OriginalError) -> Int?

    /// Removes an Original or a picture with everything made from it, and returns once that is durable. It is not an error
    /// if nothing is stored.
    ///
    /// If it throws, the removal may still happen later, within a time that the store bounds to the `Catalogue.removalLease`
    /// of Locker.
    func remove(_ hash: OriginalHash) async throws(VaultError)

    /// The path that the Original has, or would have if it were stored; nil if the store keeps no files on this machine.
    func localFile(of hash: OriginalHash) -> String?

    /// The tags of the stored map, whatever version of this program made it.
    func tags(of hash: OriginalHash) async throws(OriginalError) -> TrackTags

    /// The stored measures, if they are of this version of the rules. Returns nil if the Original has to be measured again:
    /// measures that are missing, damaged, unreadable or of another version are treated alike, because nothing that plays
    /// depends on them.
    func measures(of hash: OriginalHash, version: Int) async -> SoundMeasures?

    /// Closes everything that the store holds open. No call may follow.
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
    /// The disk or the origin cannot do it now.
    case unreachable(String)
}

/// The parts that a store keeps under an Original's hash, in the order in which they are put there.
public enum StoredPart: Sendable, Hashable, CaseIterable {
    /// The uploaded bytes.
    case original
    /// All packets back to back, beside an Original whose own are not contiguous.
    case packets
    /// The SoundMeasures.
    case measures
    /// The TrackMap: last, because readers find the others by it.
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
