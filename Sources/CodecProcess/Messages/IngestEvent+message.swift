import Audio

extension IngestEvent {
    static func limits(fileBytes: Int) -> [MessageKind: Int] {
        [
            .ready: Message.Limit.text, .progress: 16, .packetBytes: Message.Limit.piece, .artBytes: Message.Limit.piece,
            .measured: SoundMeasures.Limit.stored, .accepted: Message.Limit.trackMap(fileBytes: fileBytes),
            .refused: 2 * Message.Limit.text
        ]
    }

    /// The event as the kind and body of one message. The sender splits packet bytes into pieces.
    var message: (kind: MessageKind, body: [UInt8]) {
        switch self {
        case .ready(let libraries): return (.ready, Array(libraries.utf8.prefix(Message.Limit.text)))
        case .progress(let bytes, let milliseconds):
            var writer = ByteWriter(reservingCapacity: 16)
            writer.write(UInt64(clamping: bytes))
            writer.write(UInt64(clamping: milliseconds))
            return (.progress, writer.bytes)
        case .packetBytes(let bytes): return (.packetBytes, bytes)
        case .artBytes(let bytes): return (.artBytes, bytes)
        case .measured(let measures): return (.measured, measures.encoded())
        case .accepted(let map): return (.accepted, map.encoded())
        case .refused(let refusal):
            var writer = ByteWriter()
            writer.writeField(refusal.kind.rawValue)
            writer.writeField(Array(refusal.reason.utf8.prefix(Message.Limit.text)))
            writer.writeVariable((refusal.offset ?? -1) + 1)
            return (.refused, writer.bytes)
        }
    }

    init(_ message: Message) throws {
        var reader = ByteReader(message.body)
        switch message.kind {
        case .ready: self = .ready(libraries: printable(message.body))
        case .progress:
            let (bytes, milliseconds): (UInt64, UInt64) = (try reader.read(), try reader.read())
            self = .progress(bytes: Int(clamping: bytes), milliseconds: Int(clamping: milliseconds))
        case .packetBytes: self = .packetBytes(message.body)
        case .artBytes: self = .artBytes(message.body)
        case .measured:
            guard let measures = SoundMeasures(decoding: message.body) else { throw ProtocolViolation() }
            self = .measured(measures)
        case .accepted: self = .accepted(try TrackMap(decoding: message.body))
        case .refused:
            guard let kind = Refusal.Kind(rawValue: try reader.readText()) else { throw ProtocolViolation() }
            let reason = printable(try reader.readField())
            let offset = try reader.readVariable()
            self = .refused(Refusal(kind, reason, offset: offset == 0 ? nil : offset - 1))
        default: throw ProtocolViolation()
        }
    }
}
