/// The arithmetic of one rendition of one track: how many codec frames it has, and how they fall into chunks.
///
/// Everything follows from the source's sample count, so nothing here needs an encoder. A change alters every byte and every
/// ETag of the service and needs a decision record.
public struct FrameGrid: Sendable, Hashable {
    public let rendition: Rendition
    public let output: OutputFormat
    /// Hz.
    public let sourceRate: Int
    /// Length of the track in samples per channel at the source rate.
    public let sourceSamples: Int

    /// The grid of `rendition` for a source, or nil where the codec cannot carry the rendition.
    public init?(_ rendition: Rendition, source: SourceFormat, samples: Int) {
        guard let output = rendition.output(for: source) else { return nil }
        self.rendition = rendition
        self.output = output
        sourceRate = source.sampleRate
        sourceSamples = samples
    }

    /// Samples per channel in one codec frame: 1152 or 576 for MP3 (ISO 11172-3, 13818-3), 960 for 20 ms of Opus.
    public var samplesPerFrame: Int {
        switch rendition.ladder {
        case .mp3: output.sampleRate >= 32_000 ? 1152 : 576
        case .opus: 960
        }
    }

    /// Frames in every chunk but the last. The padding pattern of MP3 at 44.1 kHz and its halves repeats every 49 frames.
    public var framesPerChunk: Int {
        switch rendition.ladder {
        case .mp3: 44_100.isMultiple(of: output.sampleRate) ? 98 : 100
        case .opus: 150
        }
    }

    /// Frames encoded before a chunk's first and thrown away.
    public var preRollFrames: Int {
        switch rendition.ladder {
        case .mp3: 5
        case .opus: 8
        }
    }

    /// Samples per channel the encoder delays the signal by: LAME's 576, libopus's `OPUS_GET_LOOKAHEAD` at 48 kHz.
    public var encoderDelay: Int {
        switch rendition.ladder {
        case .mp3: 576
        case .opus: 312
        }
    }

    /// Frames of input an encoder has to be fed beyond the last frame it gives: LAME's psychoacoustic look-ahead.
    public var lookAheadFrames: Int {
        switch rendition.ladder {
        case .mp3: 1
        case .opus: 0
        }
    }

    /// Length of the rendition in samples per channel at the output rate: `ceil(N * outRate / inRate)`.
    public var outputSamples: Int {
        (sourceSamples * output.sampleRate + sourceRate - 1) / sourceRate
    }

    /// Codec frames in the Stream; an Info frame is not one of them.
    ///
    /// MP3 ends 1,152 samples or more after the track's end, so that a decoder's delay still yields the last sample.
    public var frameCount: Int {
        let samples =
            switch rendition.ladder {
            case .mp3: outputSamples + 1152
            case .opus: outputSamples + encoderDelay
            }
        return (samples + samplesPerFrame - 1) / samplesPerFrame
    }

    public var chunkCount: Int { (frameCount + framesPerChunk - 1) / framesPerChunk }

    /// How long a chunk plays.
    public var chunkDuration: Duration {
        .seconds(Double(framesPerChunk * samplesPerFrame) / Double(output.sampleRate))
    }

    /// The frames of one chunk. The last may be short.
    public func frames(ofChunk chunk: Int) -> Range<Int> {
        let first = chunk * framesPerChunk
        return first..<min(first + framesPerChunk, frameCount)
    }

    /// The output samples the encoder is fed for one chunk, pre-roll and look-ahead included.
    ///
    /// The range may begin before 0 and end after ``outputSamples``: there the signal is silence.
    public func encoderInput(ofChunk chunk: Int) -> Range<Int> {
        let frames = frames(ofChunk: chunk)
        return (frames.lowerBound - preRollFrames) * samplesPerFrame..<(frames.upperBound + lookAheadFrames) * samplesPerFrame
    }
}

extension FrameGrid {
    /// Bytes of the first `count` frames of any chunk.
    ///
    /// MP3: LAME's CBR pads a frame by one byte whenever its running remainder falls below zero; every chunk's encoder starts
    /// afresh `preRollFrames` before the chunk, so all chunks share one pattern. Opus: hard CBR, all packets alike.
    public func byteCount(ofFrames count: Int) -> Int {
        switch rendition.ladder {
        case .opus:
            return count * opusPacketBytes
        case .mp3:
            let bitsPerSecond = samplesPerFrame / 8 * rendition.bitrate * 1000
            let (whole, remainder) = bitsPerSecond.quotientAndRemainder(dividingBy: output.sampleRate)
            // Padded frames among the encoder's first n: its remainder starts at `remainder` and loses as much every frame.
            func padded(_ n: Int) -> Int { n <= 1 ? 0 : ((n - 1) * remainder + output.sampleRate - 1) / output.sampleRate }
            return count * whole + padded(preRollFrames + count) - padded(preRollFrames)
        }
    }

    /// Bytes of one Opus packet of 20 ms at the rung's bitrate.
    public var opusPacketBytes: Int { rendition.bitrate * 5 / 2 }

    /// Bytes of a chunk's encoded frames, as the worker makes them.
    public func byteCount(ofChunk chunk: Int) -> Int { byteCount(ofFrames: frames(ofChunk: chunk).count) }
}
