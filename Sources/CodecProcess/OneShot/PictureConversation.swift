import Audio

/// The messages of one picture process so far: that it is ready, the bytes of a picture, and that these are all.
struct PictureConversation: OneShotConversation {
    static let limits: [MessageKind: Int] = [
        .ready: Message.Limit.text, .artBytes: Message.Limit.piece, .done: 0, .refused: 2 * Message.Limit.text
    ]

    private(set) var isReady = false
    let deadline: Duration
    private var bytes: [UInt8] = []
    private(set) var verdict: Result<[UInt8], Refusal>?
    var progress: Int? { nil }

    init(deadline: Duration = .seconds(5)) {
        self.deadline = deadline
    }

    mutating func hear(_ message: Message) throws {
        guard verdict == nil, isReady != (message.kind == .ready) else { throw ProtocolViolation() }
        if message.kind == .done {
            // The format is checked by its first bytes, whatever the process claims.
            guard Picture.Format.sniffed(in: bytes) == .jpeg else { throw ProtocolViolation() }
            verdict = .success(bytes)
            return
        }
        switch try IngestEvent(message) {
        case .ready: isReady = true
        case .artBytes(let piece):
            bytes += piece
            guard bytes.count <= Picture.Limit.bytes else { throw ProtocolViolation() }
        case .refused(let refusal): verdict = .failure(refusal)
        case .progress, .packetBytes, .measured, .accepted: throw ProtocolViolation()
        }
    }
}
