import CFFmpeg

/// A reference to a packet's bytes that outlives the demuxer's next one.
final class KeptPacket {
    let packet: UnsafeMutablePointer<AVPacket>

    init(_ packet: UnsafeMutablePointer<AVPacket>) {
        self.packet = allocated(av_packet_clone(packet))
    }

    deinit {
        var closing: UnsafeMutablePointer<AVPacket>? = packet
        av_packet_free(&closing)
    }

    /// Bytes.
    var size: Int { Int(packet.pointee.size) }
}
