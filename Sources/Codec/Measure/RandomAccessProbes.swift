import Audio
import CFFmpeg

/// Keeps up to eight places of a linear decode, spread evenly over a length that is not known beforehand, and judges a decode
/// that starts at each.
struct RandomAccessProbes {
    private static let places = 8
    private static let historyPackets = 64
    private static let historyBytes = 4 << 20
    /// Below this the difference is audible, and a longer pre-roll is tried.
    private static let inaudible = 40.0

    private var kept: [RandomAccessProbe] = []
    private var current: (probe: RandomAccessProbe, place: Int)?
    private var history: [RandomAccessProbe.Packet] = []
    private var historyBytes = 0
    private var stretch = 0
    private var stretchSamples = 0
    private var packets = 0
    private var state: UInt64

    /// - Parameter seed: decides the places; the same file always has the same.
    init(seed: Int) {
        state = UInt64(truncatingIfNeeded: seed) &* 0x9E37_79B9_7F4A_7C15 | 1
    }

    /// Takes the next packet and the interleaved samples it decoded to.
    mutating func append(
        _ packet: UnsafeMutablePointer<AVPacket>, samples count: Int, _ decoded: UnsafeBufferPointer<Float>, channels: Int
    ) {
        if stretchSamples == 0 { begin() }
        let packet = RandomAccessProbe.Packet(bytes: KeptPacket(packet), samples: count)
        current?.probe.append(packet, decoded, channels: channels)
        packets += 1
        stretchSamples += count
        if stretchSamples >= RandomAccessProbe.samples { end() }
        history.append(packet)
        historyBytes += packet.bytes.size
        while history.count > Self.historyPackets || historyBytes > Self.historyBytes, let first = history.first {
            historyBytes -= first.bytes.size
            history.removeFirst()
        }
    }

    /// Reservoir sampling: of the stretches so far each is kept with the same probability.
    private mutating func begin() {
        let place = stretch < Self.places ? stretch : random(below: stretch + 1)
        stretch += 1
        current = place < Self.places ? (RandomAccessProbe(history: history, first: packets), place) : nil
    }

    private mutating func end() {
        stretchSamples = 0
        guard let (probe, place) = current else { return }
        if place < kept.count { kept[place] = probe } else { kept.append(probe) }
        current = nil
    }

    /// xorshift64*.
    private mutating func random(below bound: Int) -> Int {
        state ^= state >> 12
        state ^= state << 25
        state ^= state >> 27
        return Int((state &* 0x2545_F491_4F6C_DD1D) >> 33) % max(1, bound)
    }

    /// Decodes every place again from the pre-roll `map` asks for, then from longer ones until no difference can be heard.
    func verdict(_ map: TrackMap) -> RandomAccess {
        var best = RandomAccess(places: kept.count)
        guard let ruled = worst(map, preRoll: 0) else { return best }
        best.worst = ruled.isFinite ? ruled : ruled > 0 ? nil : 0
        guard ruled < Self.inaudible else { return best }
        var quality = ruled
        for preRoll in [10, 25, 64] {
            guard let found = worst(map, preRoll: preRoll) else { break }
            // Every chunk would pay for a longer pre-roll, so one that does not help is not used.
            guard found > quality + 3 else { continue }
            quality = found
            best.preRoll = preRoll
            best.worst = found.isFinite ? found : nil
            if found >= Self.inaudible { break }
        }
        return best
    }

    /// The lowest ratio of all places; nil if none can be judged.
    private func worst(_ map: TrackMap, preRoll: Int) -> Double? {
        var worst: Double?
        for probe in kept where probe.first < map.packets.count {
            let count = max(preRoll, probe.first - map.decodingStart(for: probe.first))
            guard let found = try? probe.compare(map.source, preRoll: min(count, probe.first)) else { continue }
            worst = min(worst ?? .infinity, found)
        }
        return worst
    }
}
