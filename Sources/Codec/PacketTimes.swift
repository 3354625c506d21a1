import Audio

/// When an MP4 track's packets begin by its own table (ISO 14496-12 §8.6.1), in samples of the decoded sound.
///
/// A file that was joined from others has packets in the middle that last less than they decode to: the padding of one part, and
/// the priming of the next.
struct PacketTimes {
    /// Times that packets of a clock of their own are off by, in parts of a packet: no sound ends there.
    private static let jitter = 64
    /// Of so many packets one may be short; where more are, the times are no guide.
    private static let rarity = 8

    /// Of the first packet.
    private(set) var origin = 0
    private var last: (time: Int, samples: Int)?
    private var count = 0
    private var short: [(packet: Int, samples: Int)] = []
    private var hasTooMany = false

    /// Takes the next packet's time and what it decodes to; without a time it lasts that long.
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

    /// A packet that begins before its predecessor tells nothing.
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

    /// `table` with the short packets' own lengths; nil where there are none, or too many.
    ///
    /// What several of them in a row last together is the first one's sound: those behind it are priming, which a muxer pressed
    /// together because two packets may not begin at the same time.
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
