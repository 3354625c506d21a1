import Audio

/// One part of a file being ingested: its map as if it were a file, and the source of its packets.
struct IngestPart {
    var map: TrackMap
    /// The index of its sound among the file's ``SoundFile/parts``, and the reader's packets before its first.
    let sound: Int
    let packetsBefore: Int
    /// Bytes of the packet file before it; 0 if the packets lie in the Original.
    var base: Int
}

extension [IngestPart] {
    /// Largest gap between parts that a chunk across their boundary may read in vain.
    private static var largestGap: Int { 1 << 20 }
    private static var allGaps: Int { 1 << 24 }
    /// Largest total of all parts' set-up headers, in bytes; the same as for one header.
    private static var setUpBytes: Int { SourceFormat.Limit.extradata }

    /// Whether reading across the boundaries between parts would read more than packets from the Original.
    var isSparse: Bool {
        let gaps = zip(self, dropFirst()).map { one, next in
            next.map.packets.count > 0 ? next.map.packets[0].offset - one.map.packets.endOffset : 0
        }
        return gaps.contains { $0 > Self.largestGap } || gaps.reduce(0, +) > Self.allGaps
    }

    /// The parts as one map, in the format that loses least of them.
    ///
    /// Throws if the parts add up to no track. Sets `dropsParts` if the set-up headers are so large that the last parts are left
    /// out.
    func joined(dropsParts: inout Bool) throws(Refusal) -> TrackMap {
        guard var map = first?.map else { throw Refusal(.undecodable, "There is no sound in the file") }
        guard count > 1 else { return map }
        var packets = PacketTable()
        var parts: [TrackPart] = []
        var setUps: [SourceFormat: Int] = [:]
        for part in self {
            let source = part.map.source.withoutComments
            setUps[source] = source.extradata.count
            guard setUps.values.reduce(0, +) <= Self.setUpBytes else {
                dropsParts = true
                break
            }
            for index in 0..<part.map.packets.count {
                let packet = part.map.packets[index]
                guard packets.append(offset: part.base + packet.offset, size: packet.size, samples: packet.samples) else {
                    throw Refusal(.tooLarge, "The file has more or larger packets than sweetspot takes")
                }
            }
            parts.append(
                TrackPart(
                    source: source, packets: part.map.packets.count, leadIn: part.map.leadIn, samples: part.map.samples))
        }
        map.source = parts.mainFormat ?? map.source
        guard let samples = TrackMap.samples(of: parts, in: packets, at: map.source.sampleRate) else {
            throw Refusal(.undecodable, "The file's parts do not add up to a track")
        }
        (map.samples, map.packets) = (samples, packets)
        map.parts = parts.count > 1 ? parts : []
        map.randomAccess = randomAccess
        return map
    }

    /// The worst of all parts' verdicts.
    private var randomAccess: RandomAccess {
        RandomAccess(
            preRoll: map(\.map.randomAccess.preRoll).max() ?? 0, worst: compactMap(\.map.randomAccess.worst).min(),
            places: Swift.min(RandomAccess.placesLimit, reduce(0) { $0 + $1.map.randomAccess.places }))
    }
}

extension [TrackPart] {
    /// The share of the sound that must be in a format for the track to be kept in it.
    private static var share: Double { 0.25 }

    /// The format that loses least: the most channels up to two, then the highest rate, among formats of at least a quarter of
    /// the sound; if several parts qualify, the longest's.
    fileprivate var mainFormat: SourceFormat? {
        func seconds(_ part: TrackPart) -> Double { Double(part.samples) / Double(part.source.sampleRate) }
        func kind(_ part: TrackPart) -> [Int] { [Swift.min(2, part.source.channels), part.source.sampleRate] }
        var sums: [[Int]: Double] = [:]
        for part in self { sums[kind(part), default: 0] += seconds(part) }
        let enough = Swift.min(sums.values.max() ?? 0, Self.share * sums.values.reduce(0, +))
        let kinds = sums.filter { $0.value >= enough }.keys
        guard let best = kinds.max(by: { $0.lexicographicallyPrecedes($1) }) else { return nil }
        return filter { kind($0) == best }.max { seconds($0) < seconds($1) }?.source
    }
}
