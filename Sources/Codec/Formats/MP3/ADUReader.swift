import Audio
import CFFmpeg

/// The frames of a free-format MP3, each made into an application data unit (RFC 5219 §4): header, side information and all the
/// main data of the frame. So no packet refers back to others, and a packet may have a size that no header can state.
///
/// libavcodec reads no free-format frames, but such units of any size. If part of a frame's main data is missing, because the
/// file begins or is damaged before it, the frame becomes a unit of silence of the same duration.
struct ADUReader: PacketReader, ~Copyable {
    /// The reach of `main_data_begin` (ISO 11172-3 §2.4.2.7), in bytes.
    private static let reservoirBytes = 511
    /// Bytes of main data that damaged frames may claim a second time; sound frames never share any.
    private static let toleranceBytes = 1 << 16
    /// Any index of the table will do: nothing is computed from it.
    private static let bitrateIndex: UInt32 = 14

    let packet: UnsafeMutablePointer<AVPacket>
    let format: SourceFormat?
    let declaredSamples: Int
    private let view: FileView
    private let frames: FreeFormat
    /// Main data of the frames before the next, at most as far as it may refer back.
    private var reservoir: [UInt8] = []
    /// Bytes of main data so far that are in no unit yet: all units together are at most about as large as all frames.
    private var unclaimed = toleranceBytes

    init(_ sound: SoundFile) throws(Refusal) {
        guard let frames = sound.freeFormat else { throw Refusal(.undecodable, "There is no free-format MP3 in the file") }
        self.frames = frames
        view = FileView(reopening: sound.view)
        format = SourceFormat(
            codec: .mp3ADU, sampleRate: frames.header.sampleRate, channels: frames.header.channels, bitRate: frames.bitRate)
        declaredSamples = sound.trims.declaredSamples
        packet = allocated(av_packet_alloc())
    }

    deinit {
        var closing: UnsafeMutablePointer<AVPacket>? = packet
        av_packet_free(&closing)
    }

    mutating func next() -> PacketReading {
        av_packet_unref(packet)
        var frame = read(LayerIIIHeader.length)
        guard !frame.isEmpty else { return .end }
        guard let header = LayerIIIHeader(frame, at: 0), let size = frames.size(of: header) else { return .damaged }
        frame += read(size - frame.count)
        guard frame.count == size else { return .end }
        let unit = unit(of: frame, header)
        guard av_new_packet(packet, Int32(clamping: unit.count)) >= 0, let data = packet.pointee.data else { return .damaged }
        unit.withUnsafeBytes { UnsafeMutableRawBufferPointer(start: data, count: unit.count).copyMemory(from: $0) }
        return .packet
    }

    private func read(_ count: Int) -> [UInt8] {
        Array(unsafeUninitializedCapacity: count) { buffer, filled in
            filled = view.read(into: UnsafeMutableRawBufferPointer(buffer))
        }
    }

    private mutating func unit(of frame: [UInt8], _ header: LayerIIIHeader) -> [UInt8] {
        let sideStart = LayerIIIHeader.length + header.checkBytes
        let mainStart = sideStart + header.sideBytes
        let side = SideInformation(frame[sideStart..<mainStart], header)
        // Without check word and padding.
        let word = header.word & 0xFFFF_0DFF | 1 << 16 | Self.bitrateIndex << 12
        var unit = stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: word >> UInt32($0)) }
        let before = reservoir.count
        reservoir += frame[mainStart...]
        unclaimed += frame.count - mainStart
        let begin = before - side.mainDataBegin
        if begin >= 0, begin + side.mainDataBytes <= reservoir.count, side.mainDataBytes <= unclaimed {
            unclaimed -= side.mainDataBytes
            unit += side.standingAlone
            unit += reservoir[begin..<(begin + side.mainDataBytes)]
        } else {
            unit += [UInt8](repeating: 0, count: header.sideBytes)
        }
        reservoir.removeFirst(max(0, reservoir.count - Self.reservoirBytes))
        return unit
    }
}

extension ADUReader {
    var codecName: String { SourceCodec.mp3ADU.rawValue }
    var sampleRate: Int { frames.header.sampleRate }
    var place: Int { view.place }
    var metadata: [OpaquePointer?] { [] }
    var packetOffset: Int? { nil }
    var skip: (leading: Int, trailing: Int)? { nil }
    var isDiscarded: Bool { false }

    func packetTime(at sampleRate: Int) -> Int? { nil }

    func endTime(at sampleRate: Int) -> Int? { nil }

    func bringsNewSetUp(after extradata: [UInt8]) -> Bool { false }
}
