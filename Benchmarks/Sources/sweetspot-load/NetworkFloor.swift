/// What a listener would hear of a song if the server answered at once: bytes come as fast as the network carries them. A stall that
/// this listener does not have is the server's.
struct NetworkFloor: Sendable {
    /// Seconds of sound that the listener of a fast server must have left for a stall not to be the network's.
    private static let margin = 0.5

    private var buffer: PlaybackBuffer
    /// Bytes of the file that would be there.
    private var bytes: Double
    /// Until when they are counted.
    private var since: Double

    /// - Parameters:
    ///   - byte: up to which the file is there.
    ///   - buffer: as the listener has it.
    init(_ buffer: PlaybackBuffer, upTo byte: Int, now: Double) {
        (self.buffer, bytes, since) = (buffer, Double(byte), now)
    }

    /// Notes that the file is asked for from a byte on, and that an answer takes until `first` to begin.
    mutating func ask(from byte: Int, first: Double) {
        bytes = max(bytes, Double(byte))
        since = first
    }

    /// - Parameter rate: of the network, bit/s.
    mutating func advance(to now: Double, rate: Double, of total: Int) {
        if now > since {
            bytes = min(Double(total), bytes + (now - since) * rate / 8)
            since = now
        }
        buffer.receive(upTo: buffer.duration * bytes / Double(max(1, total)), now: now)
    }

    mutating func pause(for seconds: Double, now: Double) { buffer.pause(for: seconds, now: now) }

    /// Whether the network alone leaves the listener without sound now.
    var explainsStall: Bool { buffer.isStalled || buffer.ahead < Self.margin }
}
