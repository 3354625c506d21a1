import Audio
public import NIOCore
import Packaging

/// One media segment on its way to a client: its head, then its chunks.
public struct SegmentReading: Sendable {
    private enum Part {
        case bytes(ByteBuffer)
        /// A chunk whose frames are the segment's bytes unchanged.
        case chunk(ChunkLease)
        /// A chunk whose frames come in fragments.
        case fragments(ChunkLease, FragmentedChunk)
    }

    /// Bytes of the whole segment.
    public let length: Int
    private let underWay: ReadingsUnderWay.Reading?
    private var parts: [Part]
    /// Bytes of the segment before the first part.
    private let start: Int
    /// Bytes to skip before the next wanted ones, and the number of wanted bytes from there on.
    private var skipped = 0
    private var wanted: Int
    /// Bytes of the first part's chunk that were looked at, and bytes of the part that were skipped or delivered.
    private var (seen, passed) = (0, 0)

    /// - Parameter chunks: those that are leased, which follow each other; all of the segment's if their sizes are not known.
    init(
        _ layout: SegmentLayout, _ number: Int, _ trimming: Trimming, _ chunks: Range<Int>, _ leases: [ChunkLease],
        _ underWay: ReadingsUnderWay.Reading?
    ) async throws {
        self.underWay = underWay
        let segment: MediaSegment?
        if layout.grid.rendition.ladder.hasKnownSizes {
            segment = MediaSegment(layout, number: number, trimming: trimming)
            parts = zip(chunks, leases).map { chunk, lease in
                layout.isFragmented ? .fragments(lease, layout.fragments(ofChunk: chunk, trimming: trimming)) : .chunk(lease)
            }
        } else {
            var frames: [EncodedFrames] = []
            parts = []
            for lease in leases {
                let chunk = try await lease.wholeChunk()
                guard let divided = EncodedFrames(chunk.readableBytesSpan) else {
                    throw StreamError.renderFailed("the chunk does not divide into frames")
                }
                frames.append(divided)
                parts.append(.bytes(ByteBuffer(bytes: MediaSegment.payload(ofChunk: chunk.readableBytesSpan, divided))))
            }
            segment = MediaSegment(layout, number: number, frames: frames, trimming: trimming)
        }
        guard let segment else { throw StreamError.renderFailed("the segment's chunks have too few or too many frames") }
        let passed = layout.chunks(ofSegment: number).lowerBound..<chunks.lowerBound
        start = passed.isEmpty ? 0 : passed.reduce(segment.head.count) { $0 + layout.byteCount(ofChunk: $1, trimming: trimming) }
        if passed.isEmpty { parts.insert(.bytes(ByteBuffer(bytes: segment.head)), at: 0) }
        length = segment.length
        wanted = segment.length - start
    }

    /// Reads only `range` of the segment's bytes, which must lie in what is leased. Call it before the first
    /// ``next(whileConnected:)``.
    public mutating func narrow(to range: Range<Int>) {
        (skipped, wanted) = (range.lowerBound - start, range.count)
    }

    /// The next bytes, as soon as there are any; nil at the end.
    public mutating func next(whileConnected: StreamReading.WhileConnected = { try await $0() }) async throws -> ByteBuffer? {
        while wanted > 0, let part = parts.first {
            var fresh: ByteBuffer
            let isLast: Bool
            switch part {
            case .bytes(let bytes): (fresh, isLast) = (bytes, true)
            case .chunk(let lease):
                (fresh, isLast) = try await lease.bytes(beyond: seen, whileConnected: whileConnected)
                seen += fresh.readableBytes
            case .fragments(let lease, let chunk):
                (fresh, seen) = try await lease.fragments(chunk, from: passed, beyond: seen, whileConnected: whileConnected)
                isLast = passed + fresh.readableBytes == chunk.byteCount
            }
            passed += fresh.readableBytes
            if isLast {
                (seen, passed) = (0, 0)
                parts.removeFirst()
            }
            let dropped = min(skipped, fresh.readableBytes)
            fresh.moveReaderIndex(forwardBy: dropped)
            skipped -= dropped
            guard fresh.readableBytes > 0, let slice = fresh.readSlice(length: min(wanted, fresh.readableBytes)) else { continue }
            wanted -= slice.readableBytes
            return slice
        }
        guard wanted == 0 else { throw StreamError.renderFailed("the chunk ended early") }
        return nil
    }
}

extension ChunkLease {
    /// Returns when the chunk's first frames are there. A failed render is thrown: it must be known before an answer begins.
    func begins() async throws {
        guard case .flight(let flight) = content else { return }
        try await flight.wait(beyond: 0)
        _ = try flight.frames { _ in () }
    }

    /// The whole chunk, when it is complete.
    fileprivate func wholeChunk() async throws -> ByteBuffer {
        if case .flight(let flight) = content { try await flight.wait(beyond: .max) }
        return try await bytes(beyond: 0) { try await $0() }.bytes
    }

    /// The chunk's bytes after the first `seen`, once there are any or the chunk is over, and whether they are the last.
    fileprivate func bytes(
        beyond seen: Int, whileConnected: StreamReading.WhileConnected
    ) async throws -> (bytes: ByteBuffer, isLast: Bool) {
        switch content {
        case .place: throw StreamError.stopped
        case .frames(let frames): return (frames, true)
        case .flight(let flight):
            try await whileConnected { try await flight.wait(beyond: seen) }
            let (bytes, isWhole) = try flight.content(beyond: seen)
            return (bytes, isWhole)
        }
    }

    /// The bytes of a fragmented chunk after its first `passed`, once there are any that come from more than `seen` bytes of its
    /// frames; and how many bytes its frames have now.
    fileprivate func fragments(
        _ chunk: FragmentedChunk, from passed: Int, beyond seen: Int, whileConnected: StreamReading.WhileConnected
    ) async throws -> (bytes: ByteBuffer, seen: Int) {
        switch content {
        case .place: throw StreamError.stopped
        case .frames(let frames):
            let bytes = chunk.bytes(frames: frames.readableBytesSpan, from: passed)
            guard passed + bytes.count == chunk.byteCount else { throw StreamError.renderFailed("the chunk ended early") }
            return (ByteBuffer(bytes: bytes), frames.readableBytes)
        case .flight(let flight):
            try await whileConnected { try await flight.wait(beyond: seen) }
            let (bytes, available) = try flight.frames { chunk.bytes(frames: $0, from: passed) }
            guard available > seen || !bytes.isEmpty else { throw StreamError.renderFailed("the chunk ended early") }
            return (ByteBuffer(bytes: bytes), available)
        }
    }
}
