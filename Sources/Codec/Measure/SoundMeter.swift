import Audio
import CEBUR128
import CFFmpeg
import Glibc

/// Measures a track while it is decoded: loudness, waveform, silence at its ends, clipping, and how it sounds.
///
/// Samples stay in a delay line until they are known to belong to the track: samples that a container cuts off are not measured.
struct SoundMeter: ~Copyable {
    /// Samples per channel that wait for the end; no format cuts more off.
    private static let delay = 1 << 14
    private static let silence: Float = 0.001
    private static let fullScale: Float = 32_766.5 / 32_768
    /// Above this rate, in Hz, libebur128's three seconds of memory would exceed the process's limit.
    private static let maximumRate = 3_000_000

    private var loudness: UnsafeMutablePointer<ebur128_state>?
    private var line = SampleBlock()
    /// Samples per channel still to drop at the start.
    private var leadIn = 0
    /// The current section, and the finished ones in other formats before it.
    private var section: SoundSection
    private var earlier: [SoundSection] = []
    private var truePeak: TruePeak
    private var earlierPeak: Float = 0
    private var clipped = 0
    private var lastWasFull: [Bool]
    private var analysis: SoundAnalysis

    init(sampleRate: Int, channels: Int) {
        section = SoundSection(sampleRate: sampleRate, channels: channels)
        let mode = EBUR128_MODE_I.rawValue | EBUR128_MODE_LRA.rawValue
        // libebur128 frees its memory on failure; it allocates only for the modes it measures.
        loudness =
            Self.canMeasureLoudness(sampleRate, channels)
            ? ebur128_init(UInt32(channels), UInt(sampleRate), Int32(bitPattern: mode)) : nil
        truePeak = TruePeak(sampleRate: sampleRate, channels: channels)
        lastWasFull = [Bool](repeating: false, count: channels)
        analysis = SoundAnalysis(sampleRate: sampleRate)
    }

    private static func canMeasureLoudness(_ sampleRate: Int, _ channels: Int) -> Bool {
        sampleRate * channels <= maximumRate && sampleRate >= 16
    }

    deinit {
        var closing = loudness
        if loudness != nil { ebur128_destroy(&closing) }
    }

    /// Puts a decoded frame into the delay line.
    mutating func append(_ frame: AVFrame) { line.append(frame) }

    /// Adds silence in place of samples that the decoder did not give.
    mutating func appendSilence(_ samples: Int) { line.appendSilence(samples) }

    /// Drops that many more of the samples appended first.
    mutating func skip(_ samples: Int) { leadIn += samples }

    /// Measures the samples that have left the delay line.
    mutating func advance() {
        dropLeadIn()
        if line.count >= 2 * Self.delay { measure(line.count - Self.delay) }
    }

    /// Measures the rest of a part but its last `endTrim` samples, which are dropped.
    mutating func endPart(trimming endTrim: Int) {
        dropLeadIn()
        measure(line.count - min(line.count, max(0, endTrim)))
        line.removeAll()
        leadIn = 0
    }

    /// Continues with sound of another format. The whole track's loudness is known only if every format can be measured.
    mutating func change(sampleRate: Int, channels: Int) {
        guard (sampleRate, channels) != (section.sampleRate, section.channels) else { return }
        truePeak.finish()
        earlierPeak = max(earlierPeak, truePeak.value)
        section.waveform.finish()
        earlier.append(section)
        section = SoundSection(sampleRate: sampleRate, channels: channels)
        truePeak = TruePeak(sampleRate: sampleRate, channels: channels)
        lastWasFull = [Bool](repeating: false, count: channels)
        analysis.change(sampleRate: sampleRate)
        guard loudness != nil else { return }
        if !Self.canMeasureLoudness(sampleRate, channels)
            || ebur128_change_parameters(loudness, UInt32(channels), UInt(sampleRate)) != 0
        {
            ebur128_destroy(&loudness)
        }
    }

    /// Returns the measures, in samples at `rate`.
    mutating func finish(at rate: Int) -> SoundMeasures {
        truePeak.finish()
        let sections = earlier + [section]
        var measures = SoundMeasures(
            loudness: measuredLoudness, waveform: sections.waveform(SoundMeasures.waveformPoints),
            leadingSilence: sections.leadingSilence(at: rate), trailingSilence: sections.trailingSilence(at: rate),
            clippedSamples: clipped)
        analysis.finish(into: &measures)
        return measures
    }

    private mutating func dropLeadIn() {
        let dropped = min(leadIn, line.count)
        guard dropped > 0 else { return }
        line.removeFirst(dropped)
        leadIn -= dropped
    }

    private mutating func measure(_ count: Int) {
        guard count > 0, line.channels == section.channels else { return }
        let samples = line.samples(from: 0, count: count)
        if let loudness, let base = samples.baseAddress { ebur128_add_frames_float(loudness, base, count) }
        // Small pieces stay in the cache while they are processed.
        for start in stride(from: 0, to: count, by: 1024) {
            examine(line.samples(from: start, count: min(1024, count - start)))
        }
        line.removeFirst(count)
    }

    private mutating func examine(_ samples: UnsafeBufferPointer<Float>) {
        let channels = section.channels
        let count = samples.count / channels
        let peak = section.waveform.add(samples, channels: section.channels)
        truePeak.add(samples, peak: peak)
        analysis.add(samples, channels: channels)
        if peak >= Self.silence {
            if section.firstLoud == nil, let first = samples.firstIndex(where: { abs($0) >= Self.silence }) {
                section.firstLoud = section.measured + first / channels
            }
            if let last = samples.lastIndex(where: { abs($0) >= Self.silence }) {
                section.lastLoud = section.measured + last / channels
            }
        }
        if peak >= Self.fullScale {
            countClipped(samples)
        } else if lastWasFull.contains(true) {
            lastWasFull = [Bool](repeating: false, count: channels)
        }
        section.measured += count
    }

    private mutating func countClipped(_ samples: UnsafeBufferPointer<Float>) {
        let channels = section.channels
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
        let peak = max(earlierPeak, truePeak.value)
        var (integrated, range) = (0.0, 0.0)
        guard ebur128_loudness_global(loudness, &integrated) == 0, integrated.isFinite,
            ebur128_loudness_range(loudness, &range) == 0, peak > 0
        else { return nil }
        return SoundMeasures.Loudness(integrated: integrated, truePeak: 20 * log10(Double(peak)), range: range)
    }
}
