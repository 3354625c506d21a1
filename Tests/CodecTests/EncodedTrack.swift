import Audio
import CFFmpeg
import COpus
import Testing

@testable import Codec

/// The frames of a rendition, and what a decoder that starts at any of them makes of them.
struct EncodedTrack {
    enum Listener: String, CaseIterable {
        /// What the renderer decodes with, too: libopus for Opus.
        case libavcodec
        /// libopus without anything around it; Opus alone.
        case libopus
        /// FFmpeg's own decoder of Opus, which shares no code with libopus.
        case ffmpeg
    }

    let grid: FrameGrid
    let frames: [[UInt8]]

    init(_ bytes: [UInt8], _ grid: FrameGrid) throws {
        self.grid = grid
        switch grid.rendition.ladder {
        case .flac:
            frames = try FLACChunkTests.frames(bytes)
        case .aac:
            let sizes = (0..<grid.chunkCount).map(grid.byteCount(ofChunk:))
            // One encode of the whole track is one chunk.
            guard sizes.reduce(0, +) == bytes.count else {
                frames = try FLACChunkTests.frames(bytes)
                break
            }
            var start = 0
            frames = try sizes.flatMap { size in
                defer { start += size }
                return try FLACChunkTests.frames(Array(bytes[start..<(start + size)]))
            }
        case .opus:
            frames = stride(from: 0, to: bytes.count, by: grid.opusPacketBytes).map { start in
                Array(bytes[start..<(start + grid.opusPacketBytes)])
            }
        case .mp3:
            let padded = bytes + [UInt8](repeating: 0, count: FrameHeader.length)
            var frames: [[UInt8]] = []
            var offset = 0
            while offset < bytes.count {
                let size = try #require(FrameHeader(padded, at: offset)).size
                frames.append(Array(bytes[offset..<(offset + size)]))
                offset += size
            }
            self.frames = frames
        }
    }

    init(frames: [[UInt8]], _ grid: FrameGrid) {
        (self.frames, self.grid) = (frames, grid)
    }

    /// Where in the rendition a decoder's first sample of a frame lies, in samples per channel; negative inside the priming.
    func position(ofFrame frame: Int) -> Int {
        // An MP3 decoder delays by 528 samples and one of its own making.
        frame * grid.samplesPerFrame - grid.encoderDelay - (grid.rendition.ladder == .mp3 ? 529 : 0)
    }

    /// The whole track, interleaved, without the encoder's and the decoder's delay.
    func decoded() throws -> [Float] {
        Array(try decoded(0..<frames.count, by: .libavcodec).dropFirst(-position(ofFrame: 0) * grid.output.channels))
    }

    /// What a fresh decoder gives of the frames `range`, interleaved; its first sample lies at ``position(ofFrame:)``.
    func decoded(_ range: Range<Int>, by listener: Listener) throws -> [Float] {
        let range = range.clamped(to: 0..<frames.count)
        switch listener {
        case .libavcodec:
            let sound = Sound(try source(), leadIn: 0, packets: frames[range].map { ($0, grid.samplesPerFrame) })
            let whole = FrameGrid(grid.rendition, source: sound.map.source, samples: sound.map.samples)
            return try sound.continuousSignal(try #require(whole))
        case .libopus: return try decodedByLibopus(frames[range])
        case .ffmpeg: return try decodedByFFmpeg(frames[range])
        }
    }

    private func source() throws -> SourceFormat {
        let (rate, channels) = (grid.output.sampleRate, grid.output.channels)
        switch grid.rendition.ladder {
        case .mp3, .flac: return SourceFormat(codec: .mp3, sampleRate: rate, channels: channels)
        case .opus:
            let head = Array("OpusHead".utf8) + [1, UInt8(channels), 0x38, 1, 0x80, 0xBB, 0, 0, 0, 0, 0]
            return SourceFormat(codec: .opus, sampleRate: rate, channels: channels, extradata: head)
        case .aac:
            // AudioSpecificConfig: AAC-LC, the rate's index, the channels (ISO 14496-3 §1.6.2.1).
            let index = try #require(Rendition.aacSampleRates.firstIndex(of: rate))
            let configuration = 2 << 11 | index << 7 | channels << 3
            return SourceFormat(
                codec: .aac, sampleRate: rate, channels: channels,
                extradata: [UInt8(configuration >> 8), UInt8(configuration & 0xFF)])
        }
    }

    private func decodedByLibopus(_ packets: some Sequence<[UInt8]>) throws -> [Float] {
        let channels = grid.output.channels
        let decoder = try #require(opus_decoder_create(48_000, Int32(channels), nil))
        defer { opus_decoder_destroy(decoder) }
        var signal: [Float] = []
        var samples = [Float](repeating: 0, count: 960 * channels)
        for packet in packets {
            #expect(opus_decode_float(decoder, packet, Int32(packet.count), &samples, 960, 0) == 960)
            signal += samples
        }
        return signal
    }

    private func decodedByFFmpeg(_ packets: some Sequence<[UInt8]>) throws -> [Float] {
        let channels = grid.output.channels
        let codec = try #require(avcodec_find_decoder_by_name("opus"))
        var context = avcodec_alloc_context3(codec)
        defer { avcodec_free_context(&context) }
        let decoder = try #require(context)
        decoder.pointee.sample_rate = 48_000
        decoder.pointee.flags2 |= AV_CODEC_FLAG2_SKIP_MANUAL
        av_channel_layout_default(&decoder.pointee.ch_layout, Int32(channels))
        try #require(avcodec_open2(decoder, codec, nil) >= 0)
        var tools = DecodingTools()
        var signal: [Float] = []
        for packet in packets {
            #expect(avcodec_send_packet(decoder, tools.packet.load(packet.span.bytes)) >= 0)
            while avcodec_receive_frame(decoder, tools.frame) >= 0 {
                let planes = try #require(tools.frame.pointee.extended_data)
                #expect(tools.frame.pointee.format == AV_SAMPLE_FMT_FLTP.rawValue)
                let samples = (0..<channels).map { channel in
                    UnsafeRawPointer(planes[channel])?.assumingMemoryBound(to: Float.self)
                }
                for sample in 0..<Int(tools.frame.pointee.nb_samples) {
                    for channel in samples { signal.append(channel?[sample] ?? 0) }
                }
            }
        }
        return signal
    }
}
