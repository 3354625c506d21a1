import Audio
import CEBUR128
import CFFmpeg
import Glibc

/// Measures a track as it is decoded: loudness, waveform, silence at its ends, clipping.
///
/// Samples stay in a delay line until it is known that they belong to the track: what a container cuts off is not measured.
struct SoundMeter: ~Copyable {
    /// Samples per channel that wait for the end; no format cuts more off.
    private static let delay = 1 << 14
    private static let silence: Float = 0.001
    private static let fullScale: Float = 32_766.5 / 32_768
    /// Beyond this many samples a second libebur128's three seconds of memory would be more than the process may have.
    private static let maximumRate = 3_000_000

    private let sampleRate: Int
    private let loudness: UnsafeMutablePointer<ebur128_state>?
    private var line = SampleBlock()
    /// Samples per channel still to drop at the start.
    private var leadIn = 0
    /// Samples per channel measured so far.
    private var measured = 0
    private var waveform = PeakBins()
    private var truePeak: TruePeak
    private var firstLoud: Int?
    private var lastLoud = -1
    private var clipped = 0
    private var lastWasFull: [Bool]
    private let channels: Int

    init(sampleRate: Int, channels: Int) {
        (self.sampleRate, self.channels) = (sampleRate, channels)
        let mode = EBUR128_MODE_I.rawValue | EBUR128_MODE_LRA.rawValue
        // libebur128 frees on failure by itself; memory is only taken for what it measures.
        loudness =
            sampleRate * channels <= Self.maximumRate && sampleRate >= 16
            ? ebur128_init(UInt32(channels), UInt(sampleRate), Int32(bitPattern: mode)) : nil
        truePeak = TruePeak(sampleRate: sampleRate, channels: channels)
        lastWasFull = [Bool](repeating: false, count: channels)
    }

    deinit {
        var closing = loudness
        if loudness != nil { ebur128_destroy(&closing) }
    }

    /// Puts a decoded frame into the delay line.
    mutating func append(_ frame: AVFrame) { line.append(frame) }

    /// Makes up for what the decoder did not give.
    mutating func appendSilence(_ samples: Int) { line.appendSilence(samples) }

    /// Drops that many more of the samples appended first.
    mutating func skip(_ samples: Int) { leadIn += samples }

    /// Measures what has left the delay line.
    mutating func advance() {
        dropLeadIn()
        if line.count >= 2 * Self.delay { measure(line.count - Self.delay) }
    }

    /// Measures the rest but for the last `endTrim` samples, and says what was found.
    mutating func finish(trimming endTrim: Int) -> SoundMeasures {
        dropLeadIn()
        measure(line.count - min(line.count, max(0, endTrim)))
        truePeak.finish()
        return SoundMeasures(
            loudness: measuredLoudness, waveform: waveform.points(SoundMeasures.waveformPoints),
            leadingSilence: firstLoud ?? measured, trailingSilence: firstLoud == nil ? 0 : measured - 1 - lastLoud,
            clippedSamples: clipped)
    }

    private mutating func dropLeadIn() {
        let dropped = min(leadIn, line.count)
        guard dropped > 0 else { return }
        line.removeFirst(dropped)
        leadIn -= dropped
    }

    private mutating func measure(_ count: Int) {
        guard count > 0, line.channels == channels else { return }
        let samples = line.samples(from: 0, count: count)
        if let loudness, let base = samples.baseAddress { ebur128_add_frames_float(loudness, base, count) }
        // Small pieces stay in the cache while they are gone over.
        for start in stride(from: 0, to: count, by: 1024) {
            examine(line.samples(from: start, count: min(1024, count - start)))
        }
        line.removeFirst(count)
    }

    private mutating func examine(_ samples: UnsafeBufferPointer<Float>) {
        let count = samples.count / channels
        let peak = waveform.add(samples, channels: channels)
        truePeak.add(samples, peak: peak)
        if peak >= Self.silence {
            if firstLoud == nil, let first = samples.firstIndex(where: { abs($0) >= Self.silence }) {
                firstLoud = measured + first / channels
            }
            if let last = samples.lastIndex(where: { abs($0) >= Self.silence }) { lastLoud = measured + last / channels }
        }
        if peak >= Self.fullScale {
            countClipped(samples)
        } else if lastWasFull.contains(true) {
            lastWasFull = [Bool](repeating: false, count: channels)
        }
        measured += count
    }

    private mutating func countClipped(_ samples: UnsafeBufferPointer<Float>) {
        for channel in 0..<channels {
            var wasFull = lastWasFull[channel]
            for index in stride(from: channel, to: samples.count, by: channels) {
                let isFull = abs(samples[index]) >= Self.fullScale
                if isFull, wasFull { clipped += 1 }
                wasFull = isFull
            }
            lastWasFull[channel] = wasFull
        }
    }

    private var measuredLoudness: SoundMeasures.Loudness? {
        guard let loudness else { return nil }
        var (integrated, range) = (0.0, 0.0)
        guard ebur128_loudness_global(loudness, &integrated) == 0, integrated.isFinite,
            ebur128_loudness_range(loudness, &range) == 0, truePeak.value > 0
        else { return nil }
        return SoundMeasures.Loudness(integrated: integrated, truePeak: 20 * log10(Double(truePeak.value)), range: range)
    }
}
