import Audio

/// A worker's reply, read from an untrusted message.
enum WorkerReply: Sendable, Hashable {
    case ready(RenderFingerprint)
    case frames([UInt8])
    /// CPU time the job took.
    case done(cpu: Duration)
    case failed(String)

    static let limits: [MessageKind: Int] = [
        .ready: Message.Limit.text, .frames: Message.Limit.piece, .done: 8, .failed: Message.Limit.text
    ]

    init(_ message: Message) throws {
        var reader = ByteReader(message.body)
        switch message.kind {
        case .ready:
            let value: UInt32 = try reader.read()
            self = .ready(RenderFingerprint(value: value, libraries: printable(try reader.readField())))
        case .frames: self = .frames(message.body)
        case .done: self = .done(cpu: .nanoseconds(Int64(clamping: try reader.read(UInt64.self))))
        case .failed: self = .failed(printable(message.body))
        default: throw ProtocolViolation()
        }
    }
}

/// A child's text without characters that could harm a log line or a terminal.
func printable(_ text: some Sequence<UInt8>) -> String {
    String(decoding: text.prefix(Message.Limit.text).map { $0 < 0x20 || $0 == 0x7F ? 0x20 : $0 }, as: UTF8.self)
}
