import Audio
import NIOCore
import Originals
import Packaging
import Streaming

/// Bytes of a file, pulled as fast as a client reads them.
protocol MediaReading: Sendable {
    /// The next bytes; nil at the end. `whileConnected` runs every wait that may be long.
    mutating func next(whileConnected: StreamReading.WhileConnected) async throws -> ByteBuffer?
}

extension StreamReading: MediaReading {}

/// Bytes in memory.
struct BufferReading: MediaReading {
    var bytes: ByteBuffer?

    mutating func next(whileConnected: StreamReading.WhileConnected) async throws -> ByteBuffer? {
        defer { bytes = nil }
        return bytes
    }
}

/// One range of an Original on its way to a client.
struct OriginalReading: MediaReading {
    /// Bytes read from the store at a time.
    private static let piece = 256 << 10

    private let original: OriginalHash
    private let originals: any OriginalStore
    private let end: Int
    private var position: Int
    private var first: [UInt8]?

    /// Reads the first bytes, so that a missing Original can still change the answer's status.
    init(of original: OriginalHash, _ range: Range<Int>, in originals: any OriginalStore) async throws(OriginalError) {
        self.original = original
        self.originals = originals
        end = range.upperBound
        position = min(range.lowerBound + Self.piece, end)
        first = try await originals.read(range.lowerBound..<position, of: .original, original: original)
    }

    mutating func next(whileConnected: StreamReading.WhileConnected) async throws -> ByteBuffer? {
        if let bytes = first {
            first = nil
            return ByteBuffer(bytes: bytes)
        }
        guard position < end else { return nil }
        let piece = position..<min(position + Self.piece, end)
        position = piece.upperBound
        return ByteBuffer(bytes: try await originals.read(piece, of: .original, original: original))
    }
}

/// One range of an Original that leaves out its beginning.
struct CutReading: MediaReading {
    private var header: ArraySlice<UInt8>
    private var rest: OriginalReading?

    init(
        _ cut: OriginalCut, of original: OriginalHash, _ range: Range<Int>, in originals: any OriginalStore
    ) async throws(OriginalError) {
        header = cut.header[range.clamped(to: 0..<cut.header.count)]
        let skipped = cut.rest.lowerBound - cut.header.count
        let bytes = range.lowerBound + skipped..<range.upperBound + skipped
        let own = bytes.clamped(to: cut.rest)
        rest = own.isEmpty ? nil : try await OriginalReading(of: original, own, in: originals)
    }

    mutating func next(whileConnected: StreamReading.WhileConnected) async throws -> ByteBuffer? {
        guard header.isEmpty else {
            defer { header = [] }
            return ByteBuffer(bytes: header)
        }
        return try await rest?.next(whileConnected: whileConnected)
    }
}
