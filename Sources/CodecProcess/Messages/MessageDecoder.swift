import NIOCore

/// Cuts a child's bytes into messages. An unexpected kind, or a length beyond its limit, ends the conversation before any of the
/// body is kept.
struct MessageDecoder: NIOSingleStepByteToMessageDecoder {
    typealias InboundOut = Message

    /// The longest body of each kind this child may send, in bytes.
    let limits: [MessageKind: Int]

    func decode(buffer: inout ByteBuffer) throws -> Message? {
        guard let words = buffer.peekMultipleIntegers(endianness: .little, as: (UInt64, UInt64).self) else { return nil }
        guard let header = MessageHeader(words: words), let limit = limits[header.kind], header.length <= limit else {
            throw ProtocolViolation()
        }
        guard buffer.readableBytes >= MessageHeader.byteCount + header.length else { return nil }
        buffer.moveReaderIndex(forwardBy: MessageHeader.byteCount)
        return Message(kind: header.kind, job: header.job, body: buffer.readBytes(length: header.length) ?? [])
    }

    func decodeLast(buffer: inout ByteBuffer, seenEOF: Bool) throws -> Message? { try decode(buffer: &buffer) }
}
