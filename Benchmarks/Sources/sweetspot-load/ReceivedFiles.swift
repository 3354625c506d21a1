import AsyncHTTPClient
import Foundation
import NIOCore
import Synchronization

/// The bytes that phones were given, file by file. Each is compared with what another phone was given at the same place, and at the
/// end with the whole file.
final class ReceivedFiles: Sendable {
    struct Totals {
        var files = 0
        /// Bytes that came, and that were not as before or not as in the whole.
        var received = 0
        var wrong = 0
        /// Bytes of whole files that phones were given at least once.
        var compared = 0
    }

    private struct File {
        let entityTag: String
        var bytes: [UInt8]
        /// Places that were given to anybody.
        var seen = RangeSet<Int>()
    }

    private struct State {
        var files: [String: File] = [:]
        var totals = Totals()
    }

    struct Changed: Error { let path: String }

    private let state = Mutex(State())

    var totals: Totals { state.withLock { $0.totals } }

    /// Notes how long a file is, and its tag.
    ///
    /// - Throws: ``Changed`` if another answer said something else.
    func begin(_ path: String, bytes: Int, entityTag: String) throws {
        let isSame = state.withLock { state in
            if let known = state.files[path] { return known.entityTag == entityTag && known.bytes.count == bytes }
            state.files[path] = File(entityTag: entityTag, bytes: [UInt8](repeating: 0, count: bytes))
            state.totals.files += 1
            return true
        }
        guard isSame else { throw Changed(path: path) }
    }

    /// Takes bytes of a file that has begun.
    func receive(_ piece: ByteBuffer, of path: String, at offset: Int) {
        let range = offset..<offset + piece.readableBytes
        state.withLock { state in
            state.totals.received += range.count
            guard let length = state.files[path]?.bytes.count, range.upperBound <= length,
                var file = state.files.removeValue(forKey: path)
            else {
                state.totals.wrong += range.count
                return
            }
            for known in file.seen.intersection(RangeSet(range)).ranges {
                state.totals.wrong += Self.differences(file.bytes, known, piece, from: known.lowerBound - offset)
            }
            for new in RangeSet(range).subtracting(file.seen).ranges {
                let bytes = piece.getSlice(at: piece.readerIndex + new.lowerBound - offset, length: new.count) ?? ByteBuffer()
                file.bytes.replaceSubrange(new, with: bytes.readableBytesView)
            }
            file.seen.insert(contentsOf: range)
            state.files[path] = file
        }
    }

    /// Asks for the whole of each file at once, which is the rendition or the original with the same tag at the server's own
    /// route, and compares.
    func compare(with library: Library, _ songs: [Song]) async throws {
        let wholes = Dictionary(
            songs.flatMap { [$0.original] + $0.streams.values }.map { ($0.entityTag, $0.path) },
            uniquingKeysWith: { first, _ in first })
        for (path, file) in state.withLock({ $0.files }) {
            guard let whole = wholes[file.entityTag] else { throw Changed(path: path) }
            let joint = whole.contains("?") ? "&" : "?"
            let response = try await library.client.execute(library.request(whole + joint + "download=1"), timeout: .seconds(300))
            let bytes = try await response.body.collect(upTo: file.bytes.count + 1)
            var totals = Totals()
            for range in file.seen.ranges {
                totals.compared += range.count
                totals.wrong += Self.differences(file.bytes, range, bytes, from: range.lowerBound)
            }
            if bytes.readableBytes != file.bytes.count { totals.wrong += 1 }
            state.withLock {
                $0.totals.compared += totals.compared
                $0.totals.wrong += totals.wrong
            }
        }
    }

    /// How many bytes of a range are others than those of `piece` from a place on.
    private static func differences(_ bytes: [UInt8], _ range: Range<Int>, _ piece: ByteBuffer, from place: Int) -> Int {
        bytes.withUnsafeBytes { bytes in
            piece.withUnsafeReadableBytes { piece in
                let own = UnsafeRawBufferPointer(rebasing: bytes[range])
                let end = min(place + range.count, piece.count)
                let other = UnsafeRawBufferPointer(rebasing: piece[min(place, end)..<end])
                if own.count == other.count, let left = own.baseAddress, let right = other.baseAddress,
                    memcmp(left, right, own.count) == 0
                {
                    return 0
                }
                return zip(own, other).count { $0 != $1 } + own.count - other.count
            }
        }
    }
}
