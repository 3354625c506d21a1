import Audio
import CFFmpeg
import Glibc

/// A few packets of a linear decode, with what they decoded to and the packets before them.
struct AccessSample {
    /// Samples per channel that are enough to compare.
    static let samples = 4096

    struct Packet {
        let bytes: KeptPacket
        let samples: Int
    }

    /// The packets before ``packets``, as many as are kept.
    let history: [Packet]
    /// Index of the first of ``packets``.
    let first: Int
    private(set) var packets: [Packet] = []
    /// What ``packets`` decoded to, interleaved.
    private(set) var signal: [Float] = []

    init(history: [Packet], first: Int) {
        self.history = history
        self.first = first
    }

    mutating func append(_ packet: Packet, _ samples: UnsafeBufferPointer<Float>, channels: Int) {
        packets.append(packet)
        signal.append(contentsOf: samples.prefix(Self.samples * channels))
    }

    var isFull: Bool { packets.count >= 64 || packets.reduce(0) { $0 + $1.samples } >= Self.samples }

    /// Decodes the packets again, `preRoll` packets before them first, and compares.
    ///
    /// Returns the signal-to-noise ratio in dB, infinite where every sample is the same; nil where that many packets are not kept
    /// though there were as many.
    func compare(_ source: SourceFormat, preRoll: Int) throws(RenderError) -> Double? {
        guard preRoll <= history.count || history.count == first else { return nil }
        let decoder = try SourceDecoder(source)
        var block = SampleBlock()
        let frame = allocated(av_frame_alloc())
        defer {
            var closing: UnsafeMutablePointer<AVFrame>? = frame
            av_frame_free(&closing)
        }
        for packet in history.suffix(preRoll) {
            Self.decode(packet, decoder, frame, source.channels, into: &block)
            block.removeAll()
        }
        var again: [Float] = []
        for packet in packets {
            Self.decode(packet, decoder, frame, source.channels, into: &block)
            again += block.samples(from: 0, count: block.count).prefix(Self.samples * source.channels)
            block.removeAll()
        }
        return Self.ratio(signal, again)
    }

    /// As the renderer does it: what the map's law has too few of is silence, what it has too many of is cut.
    private static func decode(
        _ packet: Packet, _ decoder: borrowing SourceDecoder, _ frame: UnsafeMutablePointer<AVFrame>,
        _ channels: Int, into block: inout SampleBlock
    ) {
        if decoder.send(packet.bytes.packet) {
            while decoder.receive(frame) == .frame { block.append(frame.pointee) }
        }
        block.fit(packet.samples, channels: channels)
    }

    private static func ratio(_ one: [Float], _ other: [Float]) -> Double {
        guard one.count == other.count else { return -.infinity }
        var (signal, noise) = (0.0, 0.0)
        for index in one.indices {
            let difference = Double(one[index]) - Double(other[index])
            signal += Double(one[index]) * Double(one[index])
            noise += difference * difference
        }
        if noise == 0 { return .infinity }
        // Noise below -100 dBFS is none, whatever the signal.
        return 10 * log10(max(signal, 1e-2 * Double(one.count)) / noise)
    }
}
