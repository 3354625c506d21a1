import Audio
import CFFmpeg

/// Where ingest's packets come from: libavformat's demuxer, or a reader of our own where it has none.
protocol PacketReader: ~Copyable {
    /// Begins at the first packet of what is to be seen of the file.
    init(_ sound: SoundFile) throws(Refusal)

    /// The sound's codec parameters; nil where the codec is not one that is taken.
    var format: SourceFormat? { get }
    /// libavcodec's name of the codec.
    var codecName: String { get }
    /// Length by the file's header in samples per channel; 0 where it does not say.
    var declaredSamples: Int { get }
    /// Hz by the container.
    var sampleRate: Int { get }
    /// What is known of the file by the demuxer alone.
    var metadata: [OpaquePointer?] { get }

    /// Reads the next packet into ``packet``.
    mutating func next() -> PacketReading

    var packet: UnsafeMutablePointer<AVPacket> { get }
    /// Where the packet lies in the file; nil where it lies in no one place of it.
    var packetOffset: Int? { get }
    /// Where in the file the reader has come to.
    var place: Int { get }
    /// What the container wants cut off the packet, in samples per channel; nil where it says nothing.
    var skip: (leading: Int, trailing: Int)? { get }
    /// Whether the container wants the whole packet decoded but not heard.
    var isDiscarded: Bool { get }
    /// When the packet begins by the container, in samples per channel at `sampleRate`; nil where it does not say.
    func packetTime(at sampleRate: Int) -> Int?
    /// When the sound ends by what is known of the container so far, in samples per channel at `sampleRate`; nil where it does not say.
    func endTime(at sampleRate: Int) -> Int?
    /// Whether the packet brings a new set-up header: another track begins.
    func bringsNewSetUp(after extradata: [UInt8]) -> Bool
}

/// What ``PacketReader/next()`` found.
enum PacketReading {
    case packet
    case end
    /// The file makes no sense from here on.
    case damaged
}
