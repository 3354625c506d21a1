import Audio
import COpus

/// libopus for chunk after chunk of one channel count: hard CBR, CELT only, 20 ms a packet.
///
/// The state is reset for every chunk, which removes all traces of the one before (measured equal to a new encoder).
struct OpusChunkEncoder: FrameEncoder, ~Copyable {
    static var readsInterleaved: Bool { true }

    /// `OPUS_GET_LOOKAHEAD` at 48 kHz with `APPLICATION_AUDIO`; the frame grid and the pre-skip depend on it.
    private static let lookAhead: opus_int32 = 312

    let channels: Int
    private let encoder: OpaquePointer
    private var samplesPerFrame: Int32 = 0
    private var discarding = 0
    private var standsAlone = false
    private var packetBytes = 0

    init(channels: Int) throws(RenderError) {
        var code: Int32 = 0
        let created = opus_encoder_create(48_000, Int32(clamping: channels), OPUS_APPLICATION_AUDIO, &code)
        guard code == OPUS_OK, let encoder = created else { throw RenderError("libopus failed with \(code)") }
        self.encoder = encoder
        self.channels = channels
    }

    deinit {
        opus_encoder_destroy(encoder)
    }

    /// Starts a chunk.
    mutating func prepare(_ job: RenderJob) throws(RenderError) {
        var lookAhead: opus_int32 = 0
        let codes = [
            opus_encoder_reset(encoder),
            opus_encoder_set(encoder, OPUS_SET_VBR_REQUEST, 0),
            opus_encoder_set(encoder, OPUS_SET_BITRATE_REQUEST, opus_int32(clamping: job.bitrate * 1000)),
            opus_encoder_set(encoder, OPUS_SET_COMPLEXITY_REQUEST, opus_int32(clamping: job.effort)),
            opus_encoder_set(encoder, OPUS_SET_SIGNAL_REQUEST, OPUS_SIGNAL_MUSIC),
            opus_encoder_set(encoder, OPUS_SET_FORCE_CHANNELS_REQUEST, opus_int32(clamping: channels)),
            opus_encoder_set(encoder, OPUS_SET_BANDWIDTH_REQUEST, OPUS_BANDWIDTH_FULLBAND),
            opus_encoder_set(encoder, OPUS_SET_INBAND_FEC_REQUEST, 0),
            opus_encoder_set(encoder, OPUS_SET_DTX_REQUEST, 0),
            // A reset keeps this setting.
            setPrediction(disabled: false),
            opus_encoder_get(encoder, OPUS_GET_LOOKAHEAD_REQUEST, &lookAhead)
        ]
        guard codes.allSatisfy({ $0 == OPUS_OK }) else { throw RenderError("libopus rejects \(job.bitrate) kbit/s") }
        guard lookAhead == Self.lookAhead else { throw RenderError("libopus looks \(lookAhead) samples ahead, not 312") }
        samplesPerFrame = Int32(clamping: job.samplesPerFrame)
        discarding = job.preRollFrames
        standsAlone = job.standsAlone
        packetBytes = job.byteCount / job.frames
    }

    mutating func encode(
        _ signal: borrowing SignalBuffer, at sample: Int, into output: inout EncodedBytes
    ) throws(RenderError) {
        let isAlone = standsAlone && discarding == 0
        if isAlone, setPrediction(disabled: true) != OPUS_OK { throw RenderError("libopus cannot do without prediction") }
        let count = opus_encode_float(
            encoder, signal.samples(ofChannel: 0, at: sample), samplesPerFrame, output.end, Int32(EncodedBytes.room))
        guard Int(count) == packetBytes else { throw RenderError("libopus made \(count) bytes of a packet of \(packetBytes)") }
        guard output.end.pointee == tableOfContents else { throw RenderError("libopus left CELT: TOC \(output.end.pointee)") }
        if discarding > 0 { discarding -= 1 } else { output.append(packetBytes) }
        guard isAlone else { return }
        standsAlone = false
        if setPrediction(disabled: false) != OPUS_OK { throw RenderError("libopus cannot go back to prediction") }
    }

    /// Without prediction a packet's energies are coded absolutely and its pitch filter is off; the packet keeps its size.
    private func setPrediction(disabled: Bool) -> Int32 {
        opus_encoder_set(encoder, OPUS_SET_PREDICTION_DISABLED_REQUEST, disabled ? 1 : 0)
    }

    /// The first byte of every packet: configuration 31, CELT fullband of 20 ms, one frame a packet (RFC 6716 §3.1).
    private var tableOfContents: UInt8 { channels == 1 ? 31 << 3 : 31 << 3 | 4 }
}
