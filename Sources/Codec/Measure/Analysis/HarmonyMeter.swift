import Audio
import Glibc

/// The intervals between the notes of mono sound at ``SoundAnalysis/rate``, whatever its key.
struct HarmonyMeter: ~Copyable {
    /// 0.37 s: semitones are two bins or more apart from 200 Hz on.
    private static let frame = 4096
    private static let notes = 200.0...2_000.0
    private static let intervals = 6

    private var queue = FrameQueue(length: Self.frame, hop: Self.frame)
    private let spectrum = PowerSpectrum(length: Self.frame)
    /// The first bin of ``notes``, and the pitch class of each from there on.
    private let first: Int
    private let classes: UnsafeMutablePointer<Int>
    private let count: Int
    private let chroma: UnsafeMutablePointer<Float>
    private let sums: UnsafeMutablePointer<Double>
    private var frames = 0

    init() {
        let width = Double(SoundAnalysis.rate) / Double(Self.frame)
        let first = Int((Self.notes.lowerBound / width).rounded(.up))
        let last = Int(Self.notes.upperBound / width)
        self.first = first
        count = last - first + 1
        classes = .allocate(capacity: count)
        for index in 0..<count {
            let semitones = 12 * log2(Double(first + index) * width / 440)
            classes[index] = ((Int(semitones.rounded()) % 12) + 12) % 12
        }
        chroma = .allocate(capacity: 12)
        sums = .allocate(capacity: Self.intervals)
        sums.initialize(repeating: 0, count: Self.intervals)
    }

    deinit {
        classes.deallocate()
        chroma.deallocate()
        sums.deallocate()
    }

    mutating func add(_ block: UnsafeBufferPointer<Float>) {
        var rest = block
        while queue.fill(from: &rest) {
            measure()
            queue.advance()
        }
    }

    private mutating func measure() {
        guard spectrum.measure(queue.frame) > TimbreMeter.silence else { return }
        chroma.update(repeating: 0, count: 12)
        for index in 0..<count { chroma[classes[index]] += spectrum.power[first + index].squareRoot() }
        // What all notes have alike, such as noise, is no interval.
        var mean: Float = 0
        for note in 0..<12 { mean += chroma[note] / 12 }
        var square: Float = 0
        for note in 0..<12 {
            chroma[note] -= mean
            square += chroma[note] * chroma[note]
        }
        guard square > 0 else { return }
        frames += 1
        for interval in 1...Self.intervals {
            var sum: Float = 0
            for note in 0..<12 { sum += chroma[note] * chroma[(note + interval) % 12] }
            sums[interval - 1] += Double(sum / square)
        }
    }

    /// For 1 to 6 semitones, the correlation of the chroma with itself that much higher: -1 to 1, means over the audible frames.
    var intervals: [Double] { (0..<Self.intervals).map { frames > 0 ? sums[$0] / Double(frames) : 0 } }
}
