import Audio
import CChromaprint

/// The Chromaprint fingerprint of mono sound at ``SoundAnalysis/rate``, which is Chromaprint's own: it resamples nothing.
struct FingerprintMeter: ~Copyable {
    private static let block = 1024

    private let context: OpaquePointer?
    private let samples: UnsafeMutablePointer<Int16>
    private var wanted = AcousticFingerprint.seconds * SoundAnalysis.rate

    init() {
        samples = .allocate(capacity: Self.block)
        let context = chromaprint_new(Int32(CHROMAPRINT_ALGORITHM_DEFAULT.rawValue))
        if let context, chromaprint_start(context, Int32(SoundAnalysis.rate), 1) != 1 {
            chromaprint_free(context)
            self.context = nil
        } else {
            self.context = context
        }
    }

    deinit {
        if let context { chromaprint_free(context) }
        samples.deallocate()
    }

    mutating func add(_ block: UnsafeBufferPointer<Float>) {
        guard let context else { return }
        var rest = block.prefix(wanted)
        wanted -= rest.count
        while !rest.isEmpty {
            let piece = UnsafeBufferPointer(rebasing: rest.prefix(Self.block))
            for index in 0..<piece.count { samples[index] = Int16(max(-1, min(1, piece[index])) * 32_767) }
            chromaprint_feed(context, samples, Int32(clamping: piece.count))
            rest = rest.dropFirst(piece.count)
        }
    }

    /// Ends the signal.
    mutating func finish() -> AcousticFingerprint {
        guard let context, chromaprint_finish(context) == 1 else { return AcousticFingerprint() }
        var words: UnsafeMutablePointer<UInt32>?
        var count: Int32 = 0
        guard chromaprint_get_raw_fingerprint(context, &words, &count) == 1 else { return AcousticFingerprint() }
        defer { chromaprint_dealloc(words) }
        return AcousticFingerprint(words: Array(UnsafeBufferPointer(start: words, count: Int(count))))
    }
}
