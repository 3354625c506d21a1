import CFFmpeg

/// A packet whose bytes live in one reference-counted, padded buffer that every packet of every job reuses.
struct PacketBuffer: ~Copyable {
    private let packet: UnsafeMutablePointer<AVPacket>
    private var storage: UnsafeMutablePointer<AVBufferRef>?
    private var capacity = 0

    init() {
        packet = allocated(av_packet_alloc())
    }

    deinit {
        // The packet borrows the buffer without holding a reference.
        packet.pointee.buf = nil
        var closing: UnsafeMutablePointer<AVPacket>? = packet
        av_packet_free(&closing)
        var buffer = storage
        av_buffer_unref(&buffer)
    }

    /// The packet with a copy of `bytes`. A buffer that a decoder still holds is left to the decoder, and a new one is used.
    mutating func load(_ bytes: RawSpan) -> UnsafeMutablePointer<AVPacket> {
        let count = bytes.byteCount
        if storage == nil || count > capacity || av_buffer_is_writable(storage) != 1 {
            av_buffer_unref(&storage)
            capacity = max(count, 1 << 16)
            storage = allocated(av_buffer_alloc(capacity + Int(AV_INPUT_BUFFER_PADDING_SIZE)))
        }
        let data = allocated(storage?.pointee.data)
        bytes.withUnsafeBytes { UnsafeMutableRawBufferPointer(start: data, count: count).copyMemory(from: $0) }
        (data + count).update(repeating: 0, count: Int(AV_INPUT_BUFFER_PADDING_SIZE))
        packet.pointee.buf = storage
        packet.pointee.data = data
        packet.pointee.size = Int32(clamping: count)
        return packet
    }
}
