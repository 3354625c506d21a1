import Audio
public import NIOCore
import Packaging

/// One range of a Stream on its way to a client. The client pulls, so a slow client holds one chunk, and of the following
/// chunks only their places in the queue.
public struct StreamReading: Sendable {
    /// Runs a wait for a render, and may cancel it when the client has left.
    public typealias WhileConnected = @Sendable (@escaping @Sendable () async throws -> Void) async throws -> Void

    private let stream: RenditionStream
    private let range: Range<Int>
    private let chunks: Range<Int>
    /// Where the next bytes begin in the Stream.
    private var position: Int
    private var chunk: Int
    private var current: ChunkLease?
    /// Bytes of the current chunk's frames already read.
    private var seen = 0
    private var ahead: [Int: ChunkLease] = [:]
    private let listener: Listener?
    private let underWay: ReadingsUnderWay.Reading?
    /// The hints for the next demand, used once.
    private var hints = ListenerHints()
    private var isUnderWay = false
    private var pace: Pace.Response?
    /// How long the sound delivered since the last pause plays.
    private var given = Duration.zero

    init(of stream: RenditionStream, _ range: Range<Int>, for listener: Listener?, pace: Pace?) {
        self.stream = stream
        self.range = range
        self.listener = listener
        underWay = stream.chunks.underWay(listener)
        self.pace = pace.map { Pace.Response($0, now: .now) }
        chunks = stream.layout.chunks(covering: range)
        position = range.lowerBound
        chunk = chunks.lowerBound
    }

    /// Waits for the first bytes of the first chunk, if the range touches any.
    mutating func open(_ hints: ListenerHints) async throws {
        guard !chunks.isEmpty else { return }
        self.hints = hints
        if case .flight(let flight) = try lease().content {
            try await flight.wait(beyond: 0)
            _ = try flight.frames { _ in () }
        }
        stream.chunks.begin(listener)
    }

    /// The next bytes of the range, as soon as there are any; nil at its end.
    ///
    /// The following chunks are rendered meanwhile, inside the range and behind all chunks that listeners wait for.
    public mutating func next(whileConnected: WhileConnected = { try await $0() }) async throws -> ByteBuffer? {
        guard position < range.upperBound else { return nil }
        try await pause(whileConnected)
        let layout = stream.layout
        if position < layout.header.count {
            let end = min(range.upperBound, layout.header.count)
            defer { position = end }
            return ByteBuffer(bytes: layout.header[position..<end])
        }
        let extent = layout.byteRange(ofChunk: chunk)
        let offset = position - extent.lowerBound
        let count = min(range.upperBound, extent.upperBound) - position
        switch try lease().content {
        case .place:
            throw StreamError.stopped
        case .frames(let frames):
            defer { advance(by: count, to: extent.upperBound) }
            if layout.isPassthrough(chunk: chunk) { return frames.getSlice(at: frames.readerIndex + offset, length: count) }
            let bytes = layout.streamBytes(ofChunk: chunk, frames: frames.readableBytesSpan, from: offset)
            return ByteBuffer(bytes: bytes.prefix(count))
        case .flight(let flight):
            while true {
                let known = seen
                try await whileConnected { try await flight.wait(beyond: known) }
                let (bytes, available) = try flight.frames { [chunk] in
                    layout.streamBytes(ofChunk: chunk, frames: $0, from: offset)
                }
                guard available > seen || !bytes.isEmpty else { throw StreamError.renderFailed("the chunk ended early") }
                seen = available
                if bytes.isEmpty { continue }
                let part = bytes.prefix(count)
                advance(by: part.count, to: extent.upperBound)
                return ByteBuffer(bytes: part)
            }
        }
    }

    /// Waits if the reading is too far ahead of real time: between chunks, so that it holds none meanwhile.
    private mutating func pause(_ whileConnected: WhileConnected) async throws {
        guard given > .zero, let pause = pace?.pause(after: given, now: .now) else { return }
        given = .zero
        if pause > .zero { try await whileConnected { try await Task.sleep(for: pause) } }
    }

    /// The current chunk's lease, made when it is first needed, together with the next chunks' places.
    private mutating func lease() throws(StreamError) -> ChunkLease {
        if let current { return current }
        var demand = stream.chunks.demand(forChunk: chunk, of: listener, hints: hints).demand
        // A response under way continues, however long its client paused.
        if isUnderWay { demand.standing = .underWay } else { pace?.begin(ahead: demand.deadline - .now) }
        hints = ListenerHints()
        let lease = try stream.chunks.lease(chunk, demand)
        isUnderWay = true
        current = lease
        ahead[chunk] = nil
        for step in 1...max(1, stream.chunks.readAhead) where step <= stream.chunks.readAhead {
            let next = chunk + step
            guard chunks.contains(next) else { break }
            guard ahead[next] == nil else { continue }
            var later = demand
            later.deadline += demand.duration * step
            (later.urgency, later.isStart) = (.readAhead, false)
            // A full queue only means that there is no read-ahead now.
            ahead[next] = try? stream.chunks.lease(next, later)
        }
        return lease
    }

    private mutating func advance(by count: Int, to end: Int) {
        position += count
        guard position == end else { return }
        let extent = stream.layout.byteRange(ofChunk: chunk)
        let share = Double(end - max(extent.lowerBound, range.lowerBound)) / Double(max(1, extent.count))
        given += stream.layout.grid.chunkDuration * share
        chunk += 1
        current = nil
        seen = 0
    }
}
