import Audio
import Glibc

/// Onsets and tempo from the growth of a spectrum's bands from frame to frame.
struct RhythmMeter: ~Copyable {
    /// 240 s of frames of 46 ms, and some more.
    private static let room = 5_200
    /// Beats a minute, at which the octave of tempi begins.
    private static let lowestTempo = 75.0
    /// Steps of that octave.
    private static let steps = 96
    /// Frames on both sides that an onset is compared with: 0.37 s.
    private static let neighbours = 8
    /// Octaves of power, mean of all bands: less growth is no onset.
    private static let leastGrowth: Float = 0.1

    private let framesPerSecond: Double
    /// The growth of each frame.
    private let growth: UnsafeMutablePointer<Float>
    private var count = 0
    private let former: UnsafeMutablePointer<Float>
    private var hasFormer = false
    private var audible = 0

    init(framesPerSecond: Double) {
        self.framesPerSecond = framesPerSecond
        growth = .allocate(capacity: Self.room)
        former = .allocate(capacity: MelCepstrum.bandCount)
    }

    deinit {
        growth.deallocate()
        former.deallocate()
    }

    /// Adds a frame by the logarithms of its bands.
    mutating func add(_ bands: UnsafePointer<Float>, count bandCount: Int) {
        guard count < Self.room else { return }
        var sum: Float = 0
        if hasFormer {
            for band in 0..<bandCount { sum += max(0, bands[band] - former[band]) }
        }
        former.update(from: bands, count: bandCount)
        hasFormer = true
        append(sum / Float(bandCount))
        audible += 1
    }

    /// Adds a frame without sound. What begins after it is compared with the last frame that had some.
    mutating func addSilence() { if count < Self.room { append(0) } }

    private mutating func append(_ value: Float) {
        growth[count] = value
        count += 1
    }

    /// Onsets per second of sound: frames that grow more than their neighbours, and half as much again as the mean around.
    var onsets: Double {
        guard audible > 0 else { return 0 }
        var onsets = 0
        for frame in 0..<count where growth[frame] > Self.leastGrowth {
            let around = max(0, frame - Self.neighbours)..<min(count, frame + Self.neighbours + 1)
            var sum: Float = 0
            for other in around { sum += growth[other] }
            let isPeak =
                (frame == 0 || growth[frame] > growth[frame - 1]) && (frame + 1 == count || growth[frame] >= growth[frame + 1])
            if isPeak, growth[frame] > 1.5 * sum / Float(around.count) { onsets += 1 }
        }
        return Double(onsets) * framesPerSecond / Double(audible)
    }

    /// The place of the tempo in its octave, 0 to 1; 0.5 if there is no beat. A beat's half, double and fourfold speak for it
    /// too.
    var tempo: Double {
        // The longest lag is four beats at the lowest tempo.
        let most = Int(4 * 60 * framesPerSecond / Self.lowestTempo) + 2
        guard count > 2 * most else { return 0.5 }
        let mean = (0..<count).reduce(Float(0)) { $0 + growth[$1] } / Float(count)
        for frame in 0..<count { growth[frame] -= mean }
        defer { for frame in 0..<count { growth[frame] += mean } }
        let likeness = (0..<most).map { lag in
            var sum: Float = 0
            for frame in lag..<count { sum += growth[frame] * growth[frame - lag] }
            return Double(sum) / Double(count - lag)
        }
        guard likeness[0] > 1e-9 else { return 0.5 }
        func strength(at lag: Double) -> Double {
            let (whole, part) = (Int(lag), lag - lag.rounded(.down))
            guard whole + 1 < most else { return 0 }
            return likeness[whole] * (1 - part) + likeness[whole + 1] * part
        }
        var best = (step: 0, value: -Double.infinity)
        for step in 0..<Self.steps {
            let beat = 60 * framesPerSecond / (Self.lowestTempo * exp2(Double(step) / Double(Self.steps)))
            let value = [0.5, 1, 2, 4].reduce(0) { $0 + strength(at: beat * $1) }
            if value > best.value { best = (step, value) }
        }
        return Double(best.step) / Double(Self.steps)
    }
}
