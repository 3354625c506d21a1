/// The arithmetic of one rendition of one track: how many codec frames it has, and how they fall into chunks.
///
/// Everything follows from the source's sample count, so nothing here needs an encoder. A change alters every byte and every
/// ETag of the service and needs a decision record.
public struct FrameGrid: Sendable, Hashable {
    /// Chunks in a media segment of HLS or DASH.
    public static let chunksPerSegment = 2

    public let rendition: Rendition
    public let output: OutputFormat
    /// Hz.
    public let sourceRate: Int
    /// Length of the track in samples per channel at the source rate.
    public let sourceSamples: Int

    /// The grid of `rendition` for a source; nil if the codec cannot carry the rendition.
    public init?(_ rendition: Rendition, source: SourceFormat, samples: Int) {
        guard let output = rendition.output(for: source) else { return nil }
        self.rendition = rendition
        self.output = output
        sourceRate = source.sampleRate
        sourceSamples = samples
    }

    /// Samples per channel in one codec frame: 1152 or 576 for MP3 (ISO 11172-3, 13818-3), 960 for 20 ms of Opus, 1024 for AAC
    /// (ISO 14496-3), 4608 for FLAC, which is the largest block of its streamable subset (RFC 9639 §7). FLAC's last may be shorter.
    public var samplesPerFrame: Int {
        switch rendition.ladder {
        case .mp3: output.sampleRate >= 32_000 ? 1152 : 576
        case .opus: 960
        case .aac: 1024
        case .flac: 4608
        }
    }

    /// Frames in every chunk but the last. The padding pattern of MP3 at 44.1 kHz and its halves repeats every 49 frames; AAC's and
    /// FLAC's chunks have the same boundaries at 44.1 and 48 kHz.
    public var framesPerChunk: Int {
        switch rendition.ladder {
        case .mp3: 44_100.isMultiple(of: output.sampleRate) ? 98 : 100
        case .opus: 150
        case .aac:
            switch output.sampleRate {
            case 44_100: 126
            case 48_000: 135
            default: framesNearestThreeSeconds
            }
        case .flac:
            switch output.sampleRate {
            case let rate where rate * 28 % 44_100 == 0: rate * 28 / 44_100
            case let rate where rate * 30 % 48_000 == 0: rate * 30 / 48_000
            default: framesNearestThreeSeconds
            }
        }
    }

    private var framesNearestThreeSeconds: Int {
        max(1, (6 * output.sampleRate + samplesPerFrame) / (2 * samplesPerFrame))
    }

    /// Frames encoded before a chunk's first and thrown away.
    ///
    /// The first chunk of MP3 and Opus is what one continuous encode begins with (Codec.docc/Decisions/Starts.md); AAC's has silence
    /// before it.
    public func preRollFrames(ofChunk chunk: Int) -> Int {
        switch rendition.ladder {
        case .mp3 where chunk == 0, .opus where chunk == 0: 0
        case .mp3: 5
        case .opus: 8
        // Codec.docc/Decisions/AACPreRoll.md: the rate control needs them to settle.
        case .aac: 12
        case .flac: 0
        }
    }

    /// Whether a decoder that starts at a chunk gets it right only if the chunk's first frame is encoded without the frames before it:
    /// Opus predicts, and players start at segments (Codec.docc/Decisions/Starts.md).
    public func standsAlone(chunk: Int) -> Bool {
        rendition.ladder == .opus && chunk > 0 && chunk.isMultiple(of: Self.chunksPerSegment)
    }

    /// Samples per channel the encoder delays the signal by: LAME's 576, libopus's `OPUS_GET_LOOKAHEAD` at 48 kHz,
    /// the frame that AAC's transform overlaps with.
    public var encoderDelay: Int {
        switch rendition.ladder {
        case .mp3: 576
        case .opus: 312
        case .aac: 1024
        case .flac: 0
        }
    }

    /// Frames of input an encoder has to be fed beyond the last frame it gives, for the look-ahead of LAME's psychoacoustic model
    /// and that of libavcodec's AAC encoder.
    public var lookAheadFrames: Int {
        switch rendition.ladder {
        case .mp3, .aac: 1
        case .opus, .flac: 0
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
            case .opus, .aac, .flac: outputSamples + encoderDelay
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
        let first = frames.lowerBound - preRollFrames(ofChunk: chunk)
        return first * samplesPerFrame..<(frames.upperBound + lookAheadFrames) * samplesPerFrame
    }
}

extension FrameGrid {
    /// Bytes of the first `count` frames of a chunk; for AAC, of a chunk of `count` frames; for FLAC, the most that
    /// ``EncodedFrames`` of them can have.
    ///
    /// MP3: LAME's CBR pads a frame by one byte whenever its running remainder falls below zero; every chunk's encoder starts
    /// afresh at the pre-roll, so all chunks but the first share one pattern, and all whole chunks one size. Opus: hard CBR, all packets
    /// alike. AAC: ``EncodedFrames`` that are filled up to the chunk's budget. FLAC: at most verbatim samples, a header of 16 bytes, a checksum and what rounding
    /// up subframes takes (RFC 9639 §9).
    public func byteCount(ofFrames count: Int, inChunk chunk: Int) -> Int {
        switch rendition.ladder {
        case .opus:
            return count * opusPacketBytes
        case .aac:
            let budget = AACBudget(bitrate: rendition.bitrate, output: output)
            return count * EncodedFrames.prefixBytes + budget.bytes(ofFrames: count, endsTrack: chunk == chunkCount - 1)
        case .flac:
            return count * (EncodedFrames.prefixBytes + samplesPerFrame * output.channels * output.bitsPerSample / 8 + 32)
        case .mp3:
            let bitsPerSecond = samplesPerFrame / 8 * rendition.bitrate * 1000
            let (whole, remainder) = bitsPerSecond.quotientAndRemainder(dividingBy: output.sampleRate)
            // Padded frames among the encoder's first n: its remainder starts at `remainder` and loses as much every frame.
            func padded(_ n: Int) -> Int { n <= 1 ? 0 : ((n - 1) * remainder + output.sampleRate - 1) / output.sampleRate }
            let preRoll = preRollFrames(ofChunk: chunk)
            return count * whole + padded(preRoll + count) - padded(preRoll)
        }
    }

    /// Bytes of one Opus packet of 20 ms at the rung's bitrate.
    public var opusPacketBytes: Int { rendition.bitrate * 5 / 2 }

    /// Bytes of a chunk's encoded frames as the worker makes them, or the most there can be; see ``byteCount(ofFrames:inChunk:)``.
    public func byteCount(ofChunk chunk: Int) -> Int { byteCount(ofFrames: frames(ofChunk: chunk).count, inChunk: chunk) }
}
