/// The bytes of the Original that one chunk needs, and what the worker does with them.
public struct RenderPlan: Sendable, Hashable {
    /// The one span of the Original (or of its packet file) that holds every packet of the job.
    public let byteRange: Range<Int>
    public let job: RenderJob

    /// Plans chunk `chunk` of `grid`. Returns nil if the map has no packets for it.
    public init?(_ map: TrackMap, grid: FrameGrid, chunk: Int) {
        guard chunk >= 0, chunk < grid.chunkCount else { return nil }
        let input = grid.encoderInput(ofChunk: chunk)
        let wanted = max(0, input.lowerBound)..<min(grid.outputSamples, input.upperBound)
        var spans = PlannedSpans(map)
        let runs = map.runs
        for (index, run) in runs.enumerated() {
            let start = grid.output(at: run.start)
            let end = index + 1 < runs.count ? grid.output(at: runs[index + 1].start) : grid.outputSamples
            let heard = wanted.clamped(to: start..<end)
            guard heard.isEmpty || spans.append(run, heard, from: start, at: grid.output.sampleRate) else { return nil }
        }
        guard let first = spans.spans.first, let resampledStart = first.resampledStart else { return nil }

        byteRange = spans.byteRange
        job = RenderJob(
            source: first.source, firstPacketSample: first.firstPacketSample, packets: first.packets,
            sourceRange: first.sourceRange, endsTrack: first.endsPart, following: Array(spans.spans.dropFirst()),
            ladder: grid.rendition.ladder, bitrate: grid.rendition.bitrate, effort: grid.rendition.effort,
            output: grid.output, resampledStart: resampledStart, encoderStart: input.lowerBound,
            outputSamples: grid.outputSamples, samplesPerFrame: grid.samplesPerFrame,
            preRollFrames: grid.preRollFrames(ofChunk: chunk), frames: grid.frames(ofChunk: chunk).count,
            lookAheadFrames: grid.lookAheadFrames, standsAlone: grid.standsAlone(chunk: chunk),
            byteCount: grid.byteCount(ofChunk: chunk))
    }
}

extension FrameGrid {
    /// The output sample at which a sample of the track is heard, or the first behind it.
    fileprivate func output(at sample: Int) -> Int {
        (sample * output.sampleRate + sourceRate - 1) / sourceRate
    }
}
