public import Audio

/// A store from which Originals, their packet files and their TrackMaps are read.
public protocol OriginalStore: Sendable {
    /// The TrackMap stored beside the Original.
    ///
    /// - Throws: ``OriginalError/damaged(_:)`` if it cannot be used: it is cut, changed or of another version.
    func trackMap(of hash: OriginalHash) async throws(OriginalError) -> TrackMap

    /// Exactly the bytes of `range` (half open, in bytes of the file). Never blocks an event loop.
    ///
    /// - Throws: ``OriginalError/damaged(_:)`` if the file ends before the range does.
    func read(_ range: Range<Int>, of file: StoredFile, original hash: OriginalHash) async throws(OriginalError) -> [UInt8]
}

/// The files a chunk's packets may lie in.
public enum StoredFile: Sendable, Hashable {
    /// The uploaded bytes.
    case original
    /// All packets back to back, beside an Original whose own are not contiguous.
    case packets

    var suffix: String { part.suffix }

    var part: StoredPart {
        switch self {
        case .original: .original
        case .packets: .packets
        }
    }
}

/// Why stored bytes are not available.
public enum OriginalError: Error, Sendable, Equatable {
    /// No such file.
    case missing
    /// The file is there, but cannot be what was stored.
    case damaged(String)
    /// The disk or the origin cannot deliver it now.
    case unreachable(String)
}

extension OriginalHash {
    /// Where the Original lies under the root of a store: `ab/cd/<sha256>`.
    var storedPath: String {
        let name = hex
        return "\(name.prefix(2))/\(name.dropFirst(2).prefix(2))/\(name)"
    }
}

extension TrackMap {
    /// No stored map is read beyond this many bytes; 50 million packets take less.
    static let storedLimit = 256 << 20

    init(stored bytes: [UInt8]) throws(OriginalError) {
        do throws(DecodingError) {
            self = try TrackMap(decoding: bytes)
        } catch {
            throw .damaged("its TrackMap is unusable: \(error)")
        }
    }
}
