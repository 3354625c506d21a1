import Audio

/// The sums over the packets of one file: the table, the samples before and after the sound, and whether the file itself can
/// serve as the packets' store.
struct PacketSurvey {
    /// About one chunk, in seconds.
    private static let stretch = 2.4

    private(set) var table = PacketTable()
    /// Samples per channel before the track's first.
    private(set) var leadIn = 0
    /// Samples per channel to cut off the end.
    private(set) var endTrim = 0
    /// Whether every packet so far lies in the file in one piece, in order.
    private(set) var isInPlace = true
    /// Whether some stretch of the file is mostly other data, so that reading ranges of it would waste too much.
    private(set) var isSparse = false

    private let stretchSamples: Int
    private var skip = 0
    private var hasBegun = false
    private var stretchStart: Int?
    private var stretchBytes = 0
    private var stretchLength = 0

    init(sampleRate: Int, skip: Int) {
        stretchSamples = Int(Double(sampleRate > 0 ? sampleRate : 44_100) * Self.stretch)
        self.skip = skip
    }

    /// Adds a packet. Returns false beyond a bound.
    mutating func append(
        offset: Int?, size: Int, samples: Int, skip: (leading: Int, trailing: Int)?, isDiscarded: Bool
    ) -> Bool {
        if isInPlace, let offset, offset >= table.endOffset {
            guard table.append(offset: offset, size: size, samples: samples) else { return false }
            measure(offset: offset, size: size, samples: samples)
        } else {
            if isInPlace { leaveFile() }
            guard table.append(offset: table.endOffset, size: size, samples: samples) else { return false }
        }
        trim(samples, skip, isDiscarded)
        return true
    }

    /// Adds samples that the decoder gave only after the last packet.
    mutating func extendLast(by samples: Int) {
        guard samples > 0, table.count > 0 else { return }
        let last = table.count - 1
        var extended = PacketTable()
        for index in 0...last {
            let packet = table[index]
            _ = extended.append(
                offset: packet.offset, size: packet.size, samples: packet.samples + (index == last ? samples : 0))
        }
        table = extended
    }

    /// Lays the packets back to back, as a packet file holds them.
    mutating func leaveFile() {
        isInPlace = false
        table = table.packed
    }

    /// Closes the last stretch.
    mutating func finish() {
        if isInPlace, stretchBytes > 0 { closeStretch(at: table.endOffset) }
        leadIn = min(leadIn, table.sampleCount)
    }

    /// Applies the container's trims as libavcodec would: a skip runs on over packets, and discarded ones count towards it.
    private mutating func trim(_ samples: Int, _ wish: (leading: Int, trailing: Int)?, _ isDiscarded: Bool) {
        if !hasBegun {
            if let wish, wish.leading > 0 { skip = wish.leading }
            leadIn += isDiscarded ? samples : min(skip, samples)
            hasBegun = !isDiscarded && skip < samples
            skip = max(0, skip - samples)
        }
        guard hasBegun else { return }
        // A trim at the end counts only on the last packet; later sound shows that it was wrong.
        let trailing = isDiscarded ? samples : min(samples, wish?.trailing ?? 0)
        endTrim = trailing == samples ? endTrim + samples : trailing
    }

    /// Sets both trims if the container knows them exactly.
    mutating func trim(leadIn: Int, samples: Int) {
        self.leadIn = leadIn
        endTrim = table.sampleCount - leadIn - samples
    }

    /// Replaces the packets' lengths; the trims must be set anew.
    mutating func exchange(_ other: PacketTable) { table = other }

    /// Sets the number of samples to leave out at the start, before the first has come.
    mutating func expect(leadIn: Int) {
        if !hasBegun { skip = leadIn }
    }

    /// Checks that packets fill three quarters of a chunk's range of the file.
    private mutating func measure(offset: Int, size: Int, samples: Int) {
        if stretchStart == nil { stretchStart = offset }
        stretchBytes += size
        stretchLength += samples
        if stretchLength >= stretchSamples { closeStretch(at: offset + size) }
    }

    private mutating func closeStretch(at end: Int) {
        let span = end - (stretchStart ?? end)
        if stretchBytes * 4 < span * 3 { isSparse = true }
        (stretchStart, stretchBytes, stretchLength) = (end, 0, 0)
    }
}

extension PacketTable {
    /// The same packets back to back.
    var packed: PacketTable {
        var packed = PacketTable()
        for index in 0..<count {
            _ = packed.append(offset: packed.endOffset, size: self[index].size, samples: self[index].samples)
        }
        return packed
    }
}
