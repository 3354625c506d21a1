/// Which bytes of the Original one chunk needs, and what the worker does with them.
public struct RenderPlan: Sendable, Hashable {
    /// The one span of the Original (or of its packet file) that holds every packet of the job.
    public let byteRange: Range<Int>
    public let job: RenderJob

    /// Plans chunk `chunk` of `grid`; nil where the map has no packets for it.
    public init?(_ map: TrackMap, grid: FrameGrid, chunk: Int) {
        guard chunk >= 0, chunk < grid.chunkCount else { return nil }
        let input = grid.encoderInput(ofChunk: chunk)
        let wanted = max(0, input.lowerBound)..<min(grid.outputSamples, input.upperBound)
        let resampling = Resampling(from: grid.sourceRate, to: grid.output.sampleRate)
        let source = resampling.input(for: wanted, trackSamples: map.samples)

        guard let firstNeeded = map.packets.index(ofSample: source.lowerBound + map.leadIn),
            let last = map.packets.index(ofSample: source.upperBound - 1 + map.leadIn)
        else { return nil }
        let first = map.decodingStart(for: firstNeeded)
        var end = map.packets[first].offset
        let start = end
        let firstSample = map.packets[first].firstSample - map.leadIn
        var packets: [RenderJob.Packet] = []
        packets.reserveCapacity(last - first + 1)
        for index in first...last {
            let packet = map.packets[index]
            packets.append(RenderJob.Packet(skip: packet.offset - end, size: packet.size, samples: packet.samples))
            end = packet.offset + packet.size
        }

        byteRange = start..<end
        job = RenderJob(
            source: map.source, firstPacketSample: firstSample, packets: packets, sourceRange: source,
            endsTrack: source.upperBound == map.samples, ladder: grid.rendition.ladder, bitrate: grid.rendition.bitrate,
            output: grid.output, resampledStart: resampling.output(at: source.lowerBound), encoderStart: input.lowerBound,
            outputSamples: grid.outputSamples, samplesPerFrame: grid.samplesPerFrame, preRollFrames: grid.preRollFrames,
            frames: grid.frames(ofChunk: chunk).count, lookAheadFrames: grid.lookAheadFrames,
            byteCount: grid.byteCount(ofChunk: chunk))
    }
}
