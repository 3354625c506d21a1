import Audio
import CFFmpeg

/// The source of ingest's packets: libavformat's demuxer, or a reader of ours if libavformat has none.
protocol PacketReader: ~Copyable {
    /// Begins at the first packet of the visible part of the file.
    init(_ sound: SoundFile) throws(Refusal)

    /// The sound's codec parameters; nil if the codec is not accepted.
    var format: SourceFormat? { get }
    /// libavcodec's name of the codec.
    var codecName: String { get }
    /// Length by the file's header in samples per channel; 0 if it states none.
    var declaredSamples: Int { get }
    /// Hz by the container.
    var sampleRate: Int { get }
    /// Metadata dictionaries that only the demuxer has.
    var metadata: [OpaquePointer?] { get }

    /// Reads the next packet into ``packet``.
    mutating func next() -> PacketReading

    var packet: UnsafeMutablePointer<AVPacket> { get }
    /// Where the packet lies in the file; nil if it does not lie there in one piece.
    var packetOffset: Int? { get }
    /// The reader's position in the file.
    var place: Int { get }
    /// Samples per channel that the container wants cut off the packet; nil if it states none.
    var skip: (leading: Int, trailing: Int)? { get }
    /// Whether the container wants the whole packet decoded but not played.
    var isDiscarded: Bool { get }
    /// When the packet begins by the container, in samples per channel at `sampleRate`; nil if it does not state it.
    func packetTime(at sampleRate: Int) -> Int?
    /// When the sound ends by the container as known so far, in samples per channel at `sampleRate`; nil if it does not state it.
    func endTime(at sampleRate: Int) -> Int?
    /// Whether the packet brings a new set-up header: another track begins.
    func bringsNewSetUp(after extradata: [UInt8]) -> Bool
}

/// The result of ``PacketReader/next()``.
enum PacketReading {
    case packet
    case end
    /// The file is unreadable from here on.
    case damaged
}
