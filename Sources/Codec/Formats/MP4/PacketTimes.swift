import Audio

/// When an MP4 track's packets begin by its table (ISO 14496-12 §8.6.1), in samples of the decoded sound.
///
/// A file joined from others has packets in the middle that last less than they decode to: the padding of one part, and the
/// priming of the next.
struct PacketTimes {
    /// Deviations of packet times that come from a clock's rounding, in parts of a packet: the sound does not end there.
    private static let jitter = 64
    /// One packet of this many may be short; if more are, the times are ignored.
    private static let rarity = 8

    /// The time of the first packet.
    private(set) var origin = 0
    private var last: (time: Int, samples: Int)?
    private var count = 0
    private var short: [(packet: Int, samples: Int)] = []
    private var hasTooMany = false

    /// Adds the next packet's time and its decoded length; without a time it lasts that long.
    mutating func append(_ time: Int?, samples: Int) {
        let expected = last.map { $0.time + $0.samples }
        let time = time ?? expected ?? 0
        if let last {
            note(time - last.time, last.samples)
        } else {
            origin = time
        }
        last = (time, samples)
        count += 1
    }

    /// Ignores a packet that begins before its predecessor.
    private mutating func note(_ duration: Int, _ samples: Int) {
        guard !hasTooMany, duration >= 0, samples - duration > samples / Self.jitter else { return }
        short.append((count - 1, duration))
        hasTooMany = short.count > 16 + count / Self.rarity
    }

    /// Samples of `table`'s last packet that lie behind the media's end at `time`.
    func excess(of table: PacketTable, behind time: Int?) -> Int {
        guard let last, let time, table.count > 0, time > last.time else { return 0 }
        return max(0, table[table.count - 1].samples - (time - last.time))
    }

    /// `table` with the short packets' lengths by their times; nil if there are none, or too many.
    ///
    /// Several short packets in a row last together as long as the first one's sound. Those behind it are priming: the muxer gave
    /// them minimal durations because no two packets may begin at the same time.
    func fitted(_ table: PacketTable) -> PacketTable? {
        guard !short.isEmpty, !hasTooMany, short.count * Self.rarity <= table.count else { return nil }
        var lengths: [Int: Int] = [:]
        var index = 0
        while index < short.count {
            var end = index + 1
            while end < short.count, short[end].packet == short[end - 1].packet + 1 { end += 1 }
            var rest = short[index..<end].reduce(0) { $0 + $1.samples }
            for packet in short[index..<end].map(\.packet) {
                let samples = min(rest, table[packet].samples)
                lengths[packet] = samples
                rest -= samples
            }
            index = end
        }
        var fitted = PacketTable()
        for index in 0..<table.count {
            let packet = table[index]
            guard fitted.append(offset: packet.offset, size: packet.size, samples: lengths[index] ?? packet.samples) else {
                return nil
            }
        }
        return fitted
    }
}
