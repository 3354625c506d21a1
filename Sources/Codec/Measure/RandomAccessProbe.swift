import Audio
import CFFmpeg
import Glibc

/// A few packets of a linear decode, with their decoded samples and the packets before them.
struct RandomAccessProbe {
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
    /// The decoded samples of ``packets``, interleaved.
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

    /// Decodes the packets again, starting `preRoll` packets earlier, and compares.
    ///
    /// Returns the signal-to-noise ratio in dB, infinite if every sample is the same; nil if the file has that many packets
    /// before them but they are not kept.
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

    /// Decodes as the renderer does: silence fills up to the samples that the map states, excess ones are cut.
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
        // Noise below -100 dBFS counts as silence, whatever the signal.
        return 10 * log10(max(signal, 1e-2 * Double(one.count)) / noise)
    }
}
