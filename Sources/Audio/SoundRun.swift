/// Parts of a track that follow each other in one format, so that one resampler converts them as if they were one.
///
/// Positions inside a run are samples per channel at its own rate, counted from its first; the run itself begins at a sample of the
/// track.
struct SoundRun {
    /// One part of the run.
    struct Piece {
        let source: SourceFormat
        /// Of the track's table.
        let packets: Range<Int>
        /// The table's sample count at the first sample of the piece that is heard.
        let firstSample: Int
        /// Where the piece lies in the run.
        let positions: Range<Int>
    }

    /// Position of the run's first sample in the track, in samples per channel at the track's rate.
    let start: Int
    private(set) var samples = 0
    private(set) var pieces: [Piece] = []

    /// Length in samples per channel at `rate`, rounded up.
    func length(at rate: Int) -> Int {
        guard let source = pieces.first?.source, source.sampleRate != rate else { return samples }
        return (samples * rate + source.sampleRate - 1) / source.sampleRate
    }

    private mutating func append(_ part: TrackPart, packets: Range<Int>, firstSample: Int) {
        pieces.append(
            Piece(
                source: part.source, packets: packets, firstSample: firstSample + part.leadIn,
                positions: samples..<(samples + part.samples)))
        samples += part.samples
    }

    /// The runs of parts whose packets lie in `table`, and their length as one track at `rate`; nil if the parts do not fit the
    /// table, or exceed `limit` samples.
    static func lay(
        _ parts: [TrackPart], over table: PacketTable, at rate: Int, limit: Int
    ) -> (runs: [SoundRun], samples: Int)? {
        var runs: [SoundRun] = []
        var (packet, sample, total, position) = (0, 0, 0, 0)
        for (index, part) in parts.enumerated() {
            guard part.packets >= 1, part.packets <= table.count - packet, part.samples >= 1 else { return nil }
            let next = packet + part.packets
            let end = next < table.count ? table[next].firstSample : table.sampleCount
            total += part.samples
            guard part.samples <= end - sample - part.leadIn, total <= limit else { return nil }
            if index == 0 || !parts[index - 1].isContinued(by: part) {
                position += runs.last?.length(at: rate) ?? 0
                guard position <= limit else { return nil }
                runs.append(SoundRun(start: position))
            }
            runs[runs.count - 1].append(part, packets: packet..<next, firstSample: sample)
            (packet, sample) = (next, end)
        }
        position += runs.last?.length(at: rate) ?? 0
        guard packet == table.count, position <= limit else { return nil }
        return (runs, position)
    }
}

extension TrackMap {
    /// The track's parts laid out; a track of one format is one run of one piece.
    var runs: [SoundRun] {
        let parts =
            self.parts.isEmpty
            ? [TrackPart(source: source, packets: packets.count, leadIn: leadIn, samples: samples)] : self.parts
        return SoundRun.lay(parts, over: packets, at: source.sampleRate, limit: Self.maximumSamples)?.runs ?? []
    }

    /// Length of these parts played as one track at `rate` Hz, in samples per channel; nil if the parts do not fit the packets.
    public static func samples(of parts: [TrackPart], in packets: PacketTable, at rate: Int) -> Int? {
        SoundRun.lay(parts, over: packets, at: rate, limit: maximumSamples)?.samples
    }
}
