/// What a listener would hear of a song if the server answered at once: bytes come as fast as the network carries them, the app reads
/// them and the server's pace allows. A stall that this listener does not have is the server's.
struct NetworkFloor: Sendable {
    /// Seconds of sound that the listener of a fast server must have left for a stall not to be the network's.
    private static let margin = 0.5
    /// Seconds of sound that the server sends at once, of which a resumed transfer gets a sixth, and seconds per second from then on.
    private static let lead = 60.0
    private static let pace = 1.25

    private var buffer: PlaybackBuffer
    /// Bytes of the file that would be there.
    private var bytes: Double
    /// Until when they are counted.
    private var since: Double
    /// Where and when the transfer began, and the sound that it brings at once.
    private var transfer: (byte: Double, start: Double, lead: Double)
    /// Seconds of sound beyond which the app reads no more.
    private let mostAhead: Double

    /// - Parameters:
    ///   - byte: up to which the file is there.
    ///   - buffer: as the listener has it.
    ///   - mostAhead: seconds of sound beyond which the app reads no more.
    init(_ buffer: PlaybackBuffer, upTo byte: Int, mostAhead: Double, now: Double) {
        (self.buffer, bytes, since, self.mostAhead) = (buffer, Double(byte), now, mostAhead)
        transfer = (Double(byte), now, Self.lead)
    }

    /// Notes that the file is asked for from a byte on, and that an answer takes until `first` to begin.
    mutating func ask(from byte: Int, first: Double) {
        bytes = max(bytes, Double(byte))
        since = first
        transfer = (Double(byte), first, byte > 0 ? Self.lead / 6 : Self.lead)
    }

    /// - Parameter rate: of the network, bit/s.
    mutating func advance(to now: Double, rate: Double, of total: Int) {
        if now > since {
            let bytesPerSecond = Double(total) / buffer.duration
            let paced = transfer.byte + bytesPerSecond * (transfer.lead + Self.pace * (now - transfer.start))
            let wanted = bytesPerSecond * (buffer.position + mostAhead)
            bytes = max(bytes, min(Double(total), bytes + (now - since) * rate / 8, paced, wanted))
            since = now
        }
        buffer.receive(upTo: buffer.duration * bytes / Double(max(1, total)), now: now)
    }

    mutating func pause(for seconds: Double, now: Double) { buffer.pause(for: seconds, now: now) }

    /// Whether the network alone leaves the listener without sound now.
    var explainsStall: Bool { buffer.isStalled || buffer.ahead < Self.margin }
}
