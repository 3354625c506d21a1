import CFFmpeg
import Glibc

/// The power spectrum of frames of one length, by libavutil's real transform and a Hann window.
struct PowerSpectrum: ~Copyable {
    let length: Int
    private var context: OpaquePointer?
    private var transform: av_tx_fn?
    private let window: UnsafeMutablePointer<Float>
    private let input: UnsafeMutablePointer<Float>
    private let output: UnsafeMutablePointer<AVComplexFloat>
    /// `length / 2` numbers: the bins from 0 on, but the last, whose frequency is half the rate.
    let power: UnsafeMutablePointer<Float>

    /// - Parameter length: a power of two.
    init(length: Int) {
        self.length = length
        // libavutil's code needs its own alignment.
        input = Self.aligned(length)
        output = Self.aligned(length / 2 + 1)
        window = .allocate(capacity: length)
        power = .allocate(capacity: length / 2)
        power.initialize(repeating: 0, count: length / 2)
        for index in 0..<length { window[index] = Float(0.5 - 0.5 * cos(2 * Double.pi * Double(index) / Double(length))) }
        var scale: Float = 1
        if av_tx_init(&context, &transform, AV_TX_FLOAT_RDFT, 0, Int32(clamping: length), &scale, 0) < 0 { context = nil }
    }

    private static func aligned<Value>(_ count: Int) -> UnsafeMutablePointer<Value> {
        allocated(av_mallocz(count * MemoryLayout<Value>.stride)).assumingMemoryBound(to: Value.self)
    }

    deinit {
        var closing = context
        av_tx_uninit(&closing)
        av_free(input)
        av_free(output)
        window.deallocate()
        power.deallocate()
    }

    /// Sets ``power`` to the spectrum of `length` samples. Returns the mean square of the samples.
    func measure(_ frame: UnsafePointer<Float>) -> Float {
        var (sums, windowed) = (SIMD8<Float>.zero, SIMD8<Float>.zero)
        for start in stride(from: 0, to: length, by: 8) {
            for lane in 0..<8 {
                let sample = frame[start + lane]
                sums[lane] += sample * sample
                windowed[lane] = sample * window[start + lane]
            }
            for lane in 0..<8 { input[start + lane] = windowed[lane] }
        }
        transform?(context, output, input, MemoryLayout<Float>.stride)
        for bin in 0..<(length / 2) { power[bin] = output[bin].re * output[bin].re + output[bin].im * output[bin].im }
        return sums.sum() / Float(length)
    }
}
