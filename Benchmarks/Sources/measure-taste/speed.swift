import Foundation
import Taste

struct Speed: Encodable {
    var accounts: Int
    var tracks: Int
    var pairs: Int
    var load: Double
    var bytes: Int
    /// What the process takes beyond what it took before the lists were made, and at most so far.
    var resident: Int
    var peak: Int
    var milliseconds: [String: [Double]]
    var erase: Double
}

/// A service of 100,000 tracks and 10,000 accounts that keep 300 each: some tracks are liked by a tenth of all, most by a few.
func measureSpeed() throws {
    let before = memory("VmRSS")
    let accounts = 10_000
    let tracks = 100_000
    let kept = 300
    var generator = Numbers(state: 7)
    let start = ContinuousClock.now
    var builder = InteractionsBuilder(pairs: accounts * kept)
    for account in 0..<accounts {
        // Six tastes: every account takes half of its tracks from its own part of the catalogue.
        let taste = account % 6
        for place in 0..<kept {
            let drawn = generator.skewed(below: tracks)
            let item = place.isMultiple(of: 2) ? drawn : (drawn / 6 * 6 + taste) % tracks
            builder.append(Preference(account: Int32(account), item: Int32(item), weight: 1 + Float(generator.next() % 8)))
        }
    }
    var interactions = builder.finish()
    let load = (ContinuousClock.now - start) / .seconds(1)
    let resident = memory("VmRSS") - before
    var times: [String: [Double]] = [:]
    let methods: [(String, Recommender)] = [
        ("walk", Recommender(ridge: nil, artistShare: 0)), ("walk and ridge", Recommender(artistShare: 0))
    ]
    for (name, recommender) in methods {
        var waits: [Double] = []
        for _ in 0..<1000 {
            let account = Int32(generator.next() % UInt64(accounts))
            let start = processorTime()
            let seeds = interactions.seeds(of: account)
            let own = Set(seeds.map(\.item))
            let best = recommender.scores(from: seeds, in: interactions, without: account).best(20) {
                !own.contains($0) && interactions.isLiked($0, byAtLeast: 5, besides: account)
            }
            let reasons = recommender.walk.reasons(for: best.map(\.item), from: seeds, in: interactions, without: account)
            waits.append(1000 * (processorTime() - start))
            if reasons.isEmpty { waits[waits.count - 1] = .infinity }
        }
        waits.sort()
        times[name] = [waits[500], waits[990], waits[999]]
    }
    let peak = memory("VmHWM") - before
    times["sound"] = soundTimes(tracks: tracks, generator: &generator)
    let pairs = interactions.pairCount
    let bytes = interactions.byteCount
    let peakBefore = peak
    let erasing = ContinuousClock.now
    interactions.remove(5)
    let erase = (ContinuousClock.now - erasing) / .milliseconds(1)
    try report(
        Speed(
            accounts: accounts, tracks: tracks, pairs: pairs, load: load, bytes: bytes, resident: resident, peak: peakBefore,
            milliseconds: times, erase: erase))
}

/// Milliseconds of this thread for the 20 tracks that sound nearest, without the artist's: p50, p99, p99.9.
private func soundTimes(tracks: Int, generator: inout Numbers) -> [Double] {
    let features = (0..<tracks * SoundSpace.width).map { _ in Float(generator.next() >> 40) }
    let space = SoundSpace(features: features, artists: (0..<tracks).map { Int32($0 / 10) })
    var waits: [Double] = []
    for _ in 0..<1000 {
        let start = processorTime()
        let near = space.nearest(to: Int32(generator.next() % UInt64(tracks)))
        waits.append(near.isEmpty ? .infinity : 1000 * (processorTime() - start))
    }
    waits.sort()
    return [waits[500], waits[990], waits[999]]
}

/// A figure of this process, in bytes.
func memory(_ name: String) -> Int {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix(name + ":") }
    let number = line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) } ?? 0
    return number * 1024
}

/// Numbers that repeat.
struct Numbers {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 1
        return ListeningSet.hash(UInt32(truncatingIfNeeded: state >> 32), UInt32(truncatingIfNeeded: state), 1)
    }

    /// Small numbers far more often than large ones, about as songs are played.
    mutating func skewed(below count: Int) -> Int {
        let part = Double(next() >> 11) / Double(UInt64(1) << 53)
        return min(count - 1, Int(Double(count) * part * part * part))
    }
}

/// Seconds of this thread on a processor: what others do on the machine does not count.
func processorTime() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}
