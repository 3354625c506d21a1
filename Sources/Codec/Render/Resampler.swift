import Audio
import CFFmpeg

/// One libswresample context: sample format, channels and rate in one go, to floats.
///
/// At equal rates it only converts and mixes. Sums of a downmix are scaled so that they cannot exceed full scale.
struct Resampler: ~Copyable {
    private let context: OpaquePointer

    /// Throws if libswresample has no matrix for the channels or rejects the rates.
    init(
        from source: SourceFormat, _ sampleFormat: AVSampleFormat, to output: OutputFormat, interleaved: Bool
    ) throws(RenderError) {
        var input = AVChannelLayout()
        if source.channels > 2, source.channelMask.nonzeroBitCount == source.channels {
            av_channel_layout_from_mask(&input, source.channelMask)
        } else {
            av_channel_layout_default(&input, Int32(clamping: source.channels))
        }
        var layout = AVChannelLayout()
        av_channel_layout_default(&layout, Int32(clamping: output.channels))

        var opening: OpaquePointer?
        let format = interleaved ? AV_SAMPLE_FMT_FLT : AV_SAMPLE_FMT_FLTP
        let code = swr_alloc_set_opts2(
            &opening, &layout, format, Int32(clamping: output.sampleRate), &input, sampleFormat,
            Int32(clamping: source.sampleRate), 0, nil)
        let context = allocated(code >= 0 ? opening : nil)
        let options = UnsafeMutableRawPointer(context)
        av_opt_set_sample_fmt(options, "internal_sample_fmt", AV_SAMPLE_FMT_FLTP, 0)
        av_opt_set_double(options, "rematrix_maxval", 1, 0)
        guard swr_init(context) >= 0 else {
            swr_free(&opening)
            throw RenderError("libswresample rejects \(source.channels) channels at \(source.sampleRate) Hz")
        }
        self.context = context
    }

    deinit {
        var closing: OpaquePointer? = context
        swr_free(&closing)
    }

    /// Converts `inputCount` samples per channel, or drains the filter if `input` is nil; output that does not fit stays inside.
    ///
    /// Returns the samples per channel written to `output`, at most `outputCount`; negative on failure.
    func convert(
        _ input: UnsafeMutablePointer<UnsafePointer<UInt8>?>?, _ inputCount: Int,
        into output: UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>, _ outputCount: Int
    ) -> Int {
        Int(swr_convert(context, output, Int32(clamping: outputCount), input, Int32(clamping: inputCount)))
    }
}
