/// The codec parameters of an Original's audio: all a decoder needs besides the packets.
public struct SourceFormat: Sendable, Hashable {
    public var codec: SourceCodec
    /// Hz.
    public var sampleRate: Int
    public var channels: Int
    /// The channels' positions as a libavutil `AV_CH_*` mask; 0 if the file does not say.
    public var channelMask: UInt64
    /// Significant bits per sample if the codec has them, else 0.
    public var bitsPerSample: Int
    /// Bytes of one sample of all channels (PCM), or the codec's own block size; 0 if unused.
    public var blockAlign: Int
    /// Bit/s, for the codecs that decode by it (Windows Media Audio) and for free-format MP3, whose packets do not state it; else
    /// 0.
    public var bitRate: Int
    /// The codec's set-up header, as libavcodec's `extradata` wants it.
    public var extradata: [UInt8]

    public init(
        codec: SourceCodec, sampleRate: Int, channels: Int, channelMask: UInt64 = 0, bitsPerSample: Int = 0,
        blockAlign: Int = 0, bitRate: Int = 0, extradata: [UInt8] = []
    ) {
        self.codec = codec
        self.sampleRate = sampleRate
        self.channels = channels
        self.channelMask = channelMask
        self.bitsPerSample = bitsPerSample
        self.blockAlign = blockAlign
        self.bitRate = bitRate
        self.extradata = extradata
    }
}

extension SourceFormat {
    /// Bounds of a format. Ingest refuses files beyond them; decoded TrackMaps and jobs are checked against them.
    public enum Limit {
        public static let sampleRates = 1...768_000
        public static let channels = 1...8
        public static let extradata = 1 << 24
    }

    func write(to writer: inout ByteWriter) {
        writer.writeField(codec.rawValue)
        writer.writeVariable(sampleRate)
        writer.writeVariable(channels)
        writer.write(channelMask)
        writer.writeVariable(bitsPerSample)
        writer.writeVariable(blockAlign)
        writer.writeVariable(bitRate)
        writer.writeField(extradata)
    }

    init(from reader: inout ByteReader) throws(ByteReader.Malformed) {
        guard let codec = SourceCodec(rawValue: try reader.readText(limit: 64)) else { throw reader.malformed }
        self.codec = codec
        sampleRate = try reader.readVariable(limit: Limit.sampleRates.upperBound)
        channels = try reader.readVariable(limit: Limit.channels.upperBound)
        guard sampleRate >= 1, channels >= 1 else { throw reader.malformed }
        channelMask = try reader.read()
        bitsPerSample = try reader.readVariable(limit: 64)
        blockAlign = try reader.readVariable(limit: 1 << 24)
        bitRate = try reader.readVariable(limit: 1 << 31)
        extradata = try reader.readField(limit: Limit.extradata)
    }
}
