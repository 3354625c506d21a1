/// The packets of one chunk, gathered part by part.
struct PlannedSpans {
    private let map: TrackMap
    private(set) var spans: [RenderJob.Span] = []
    private var start = 0
    private var end = 0

    init(_ map: TrackMap) { self.map = map }

    /// From the first packet to the end of the last.
    var byteRange: Range<Int> { start..<end }

    /// Adds the packets of a run that `output` needs; the run is heard from output sample `outputStart` on. Returns false if the
    /// map has no packets for it.
    mutating func append(_ run: SoundRun, _ output: Range<Int>, from outputStart: Int, at outputRate: Int) -> Bool {
        guard let format = run.pieces.first?.source else { return false }
        let resampling = Resampling(from: format.sampleRate, to: outputRate)
        let source = resampling.input(
            for: (output.lowerBound - outputStart)..<(output.upperBound - outputStart), trackSamples: run.samples)
        var resampledStart: Int? = outputStart + resampling.output(at: source.lowerBound)
        for piece in run.pieces where piece.positions.overlaps(source) {
            guard append(piece, source.clamped(to: piece.positions), resampledStart) else { return false }
            resampledStart = nil
        }
        return resampledStart == nil
    }

    private mutating func append(_ piece: SoundRun.Piece, _ source: Range<Int>, _ resampledStart: Int?) -> Bool {
        let shift = piece.firstSample - piece.positions.lowerBound
        guard let firstNeeded = map.packets.index(ofSample: source.lowerBound + shift),
            let last = map.packets.index(ofSample: source.upperBound - 1 + shift)
        else { return false }
        let first = map.decodingStart(for: firstNeeded, of: piece.source, from: piece.packets.lowerBound)
        if spans.isEmpty {
            start = map.packets[first].offset
            end = start
        }
        let firstSample = map.packets[first].firstSample - shift
        var packets: [RenderJob.Packet] = []
        packets.reserveCapacity(last - first + 1)
        for index in first...last {
            let packet = map.packets[index]
            packets.append(RenderJob.Packet(skip: packet.offset - end, size: packet.size, samples: packet.samples))
            end = packet.offset + packet.size
        }
        spans.append(
            RenderJob.Span(
                source: piece.source, firstPacketSample: firstSample, packets: packets, sourceRange: source,
                endsPart: source.upperBound == piece.positions.upperBound, resampledStart: resampledStart))
        return true
    }
}
