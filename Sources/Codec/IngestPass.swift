import Audio
import CFFmpeg
import Glibc

/// One file on its way to a ``TrackMap``.
struct IngestPass: ~Copyable {
    private static let maximumSeconds = 24 * 3600
    private static let progressBytes = 1 << 20
    private static let pieceBytes = 1 << 16

    private let file: InputFile
    private let demuxer: Demuxer
    private let decoder: SourceDecoder
    private var source: SourceFormat
    private var survey: PacketSurvey
    private var warnings: [String] = []
    private let frame: UnsafeMutablePointer<AVFrame>
    private let comparison: UnsafeMutableRawBufferPointer
    private var sampleFormat = AV_SAMPLE_FMT_NONE
    private var hasDecoded = false
    private var damagedPackets = 0
    private var firstDamage: Int?
    private var unreadableFrom: Int?
    private var lastProgress = 0
    private var packetBytes: [UInt8] = []
    private var lastPacket = (samples: 0, duration: 0)

    init(_ file: InputFile) throws(Refusal) {
        let container = try FormatSniffer.container(of: file)
        let demuxer = try Demuxer(file, container)
        guard let format = demuxer.format else {
            throw Refusal(.unsupportedFormat, "The sound is in \(demuxer.codecName), which sweetspot does not take")
        }
        try Self.checkBounds(format, mayBeUnknown: format.codec.pcmSampleBytes == nil)
        do throws(RenderError) {
            decoder = try SourceDecoder(format)
        } catch {
            throw Refusal(.undecodable, "The set-up header of the \(format.codec.rawValue) sound is damaged")
        }
        self.file = file
        self.demuxer = demuxer
        source = format
        survey = PacketSurvey(sampleRate: format.sampleRate, skip: format.opusPreSkip)
        if container.lacesPackets { survey.leaveFile() }
        frame = allocated(av_frame_alloc())
        comparison = .allocate(byteCount: Self.pieceBytes, alignment: 16)
    }

    deinit {
        var closing: UnsafeMutablePointer<AVFrame>? = frame
        av_frame_free(&closing)
        comparison.deallocate()
    }

    mutating func run(_ emit: (IngestEvent) -> Void) throws(Refusal) -> TrackMap {
        reading: while true {
            switch demuxer.next() {
            case .packet: guard try take(emit) else { break reading }
            case .damaged:
                unreadableFrom = file.position
                break reading
            case .end: break reading
            }
        }
        if source.codec.pcmSampleBytes == nil, decoder.send(nil) { survey.extendLast(by: receive() ?? 0) }
        if file.hasFailed { throw Refusal(.undecodable, "The file cannot be read to its end") }
        survey.finish()
        guard hasDecoded else { throw Refusal(.undecodable, "Nothing in this \(source.codec.rawValue) sound can be decoded") }
        if survey.isInPlace, survey.isSparse { try repack(emit) }
        if !packetBytes.isEmpty { emit(.packetBytes(packetBytes)) }
        report(bytes: file.size, emit)
        return try makeMap()
    }

    private mutating func makeMap() throws(Refusal) -> TrackMap {
        // The last packet of an MP4 track lasts as long as its sound.
        if demuxer.container == .mp4, lastPacket.duration > 0, lastPacket.duration < lastPacket.samples {
            survey.trimEnd(by: lastPacket.samples - lastPacket.duration)
        }
        let samples = survey.table.sampleCount - survey.leadIn - survey.endTrim
        guard samples >= 1 else { throw Refusal(.undecodable, "There is not one sample of sound in the file") }
        try Self.checkBounds(source, mayBeUnknown: false)
        if !hasDownmix { source.channelMask = 0 }
        guard hasDownmix else {
            throw Refusal(.undecodable, "The sound's \(source.channels) channels cannot be mixed down")
        }
        addWarnings()
        return TrackMap(
            container: demuxer.container.rawValue, source: source, originalBytes: file.size, leadIn: survey.leadIn,
            samples: samples, packets: survey.table, usesPacketFile: !survey.isInPlace, tags: TrackTags(demuxer.metadata),
            warnings: warnings)
    }

    private mutating func addWarnings() {
        if damagedPackets > 0 {
            let place = firstDamage.map { ", the first at byte \($0)" } ?? ""
            warnings.append("\(damagedPackets) of \(survey.table.count) packets are damaged\(place)")
        }
        let declared = demuxer.declaredSamples
        if declared > 0, survey.table.sampleCount < declared - source.sampleRate / 10 {
            warnings.append("The file ends early: its header promises \(declared / source.sampleRate) s of sound")
        } else if FileEnd.isMissing(from: file, demuxer.container) {
            warnings.append("The file ends early: its last bytes are missing")
        }
        if let end = unreadableFrom {
            warnings.append("The file cannot be read beyond byte \(end)")
        }
    }

    /// Whether libswresample can bring the channels down to one and two.
    private var hasDownmix: Bool {
        for channels in 1...2 {
            let output = OutputFormat(sampleRate: source.sampleRate, channels: channels)
            guard (try? Resampler(from: source, AV_SAMPLE_FMT_FLTP, to: output, interleaved: false)) != nil else { return false }
        }
        return true
    }

    /// Works the packet in; false where the track ends before it.
    private mutating func take(_ emit: (IngestEvent) -> Void) throws(Refusal) -> Bool {
        let packet = demuxer.packet.pointee
        guard let data = packet.data, packet.size > 0 else { return true }
        if demuxer.bringsNewSetUp(after: source.extradata) {
            warnings.append("The file holds several tracks one after another; only the first is kept")
            return false
        }
        let bytes = UnsafeRawBufferPointer(start: data, count: Int(packet.size))
        guard let samples = try countSamples(bytes.count) else {
            warnings.append("The sample rate or the channels change inside the file; the track ends there")
            return false
        }
        let offset = survey.isInPlace && fileHolds(bytes, at: packet.pos) ? Int(packet.pos) : nil
        if survey.isInPlace, offset.map({ $0 < survey.table.endOffset }) ?? true { try repack(emit) }
        guard
            survey.append(
                offset: offset, size: bytes.count, samples: samples, skip: demuxer.skip, isDiscarded: demuxer.isDiscarded)
        else { throw Refusal(.tooLarge, "The file has more or larger packets than sweetspot takes") }
        lastPacket = (samples, demuxer.packetDuration ?? 0)
        if !survey.isInPlace { store(bytes, emit) }
        guard survey.table.sampleCount <= Self.maximumSeconds * max(1, source.sampleRate) else {
            throw Refusal(.tooLarge, "The sound is longer than 24 hours")
        }
        report(bytes: max(Int(packet.pos), survey.table.byteCount), emit)
        return true
    }

    /// Samples per channel the packet decodes to, 0 where it is damaged; nil where the format changes.
    private mutating func countSamples(_ size: Int) throws(Refusal) -> Int? {
        if let bytes = source.codec.pcmSampleBytes {
            hasDecoded = true
            return size / (bytes * source.channels)
        }
        guard decoder.send(demuxer.packet) else {
            noteDamage()
            return 0
        }
        return receive()
    }

    /// Samples per channel of the frames the decoder has ready; nil where one is of another format than the first.
    private mutating func receive() -> Int? {
        var samples = 0
        while true {
            switch decoder.receive(frame) {
            case .drained: return samples
            case .damaged:
                noteDamage()
                return samples
            case .frame:
                guard isExpected(frame.pointee) else { return nil }
                samples += Int(frame.pointee.nb_samples)
            }
        }
    }

    private mutating func isExpected(_ frame: AVFrame) -> Bool {
        if !hasDecoded {
            hasDecoded = true
            sampleFormat = AVSampleFormat(rawValue: frame.format)
            source.sampleRate = decoder.sampleRate
            source.channels = Int(frame.ch_layout.nb_channels)
            source.channelMask = frame.ch_layout.order == AV_CHANNEL_ORDER_NATIVE ? frame.ch_layout.u.mask : 0
        }
        return decoder.sampleRate == source.sampleRate && frame.ch_layout.nb_channels == source.channels
            && frame.format == sampleFormat.rawValue
    }

    private mutating func noteDamage() {
        damagedPackets += 1
        if firstDamage == nil, demuxer.packet.pointee.pos >= 0 { firstDamage = Int(demuxer.packet.pointee.pos) }
    }

    /// Whether the file holds exactly these bytes at `offset`.
    private func fileHolds(_ bytes: UnsafeRawBufferPointer, at offset: Int64) -> Bool {
        guard offset >= 0, offset <= file.size - bytes.count, let base = bytes.baseAddress else { return false }
        var done = 0
        while done < bytes.count {
            let piece = UnsafeMutableRawBufferPointer(rebasing: comparison.prefix(bytes.count - done))
            guard let held = piece.baseAddress, file.read(into: piece, at: Int(offset) + done) == piece.count,
                memcmp(held, base + done, piece.count) == 0
            else { return false }
            done += piece.count
        }
        return true
    }

    /// Goes over the packets taken so far once more and moves them into a packet file.
    private mutating func repack(_ emit: (IngestEvent) -> Void) throws(Refusal) {
        let again = try Demuxer(InputFile(reopening: file), demuxer.container)
        var taken = 0
        while taken < survey.table.count, again.next() == .packet {
            let packet = again.packet.pointee
            guard let data = packet.data, packet.size > 0 else { continue }
            guard Int(packet.size) == survey.table[taken].size else { break }
            store(UnsafeRawBufferPointer(start: data, count: Int(packet.size)), emit)
            taken += 1
        }
        guard taken == survey.table.count else { throw Refusal(.undecodable, "The file reads differently the second time") }
        survey.leaveFile()
    }

    private mutating func store(_ bytes: UnsafeRawBufferPointer, _ emit: (IngestEvent) -> Void) {
        packetBytes.append(contentsOf: bytes)
        guard packetBytes.count >= Self.pieceBytes else { return }
        emit(.packetBytes(packetBytes))
        packetBytes.removeAll(keepingCapacity: true)
    }

    private mutating func report(bytes: Int, _ emit: (IngestEvent) -> Void) {
        guard bytes >= lastProgress + Self.progressBytes || bytes == file.size else { return }
        lastProgress = bytes
        emit(.progress(bytes: bytes, milliseconds: survey.table.sampleCount * 1000 / max(1, source.sampleRate)))
    }

    private static func checkBounds(_ format: SourceFormat, mayBeUnknown: Bool) throws(Refusal) {
        guard format.sampleRate <= SourceFormat.Limit.sampleRates.upperBound else {
            throw Refusal(.tooLarge, "The sample rate of \(format.sampleRate) Hz is beyond 768,000")
        }
        guard format.channels <= SourceFormat.Limit.channels.upperBound else {
            throw Refusal(.tooLarge, "The sound has \(format.channels) channels; eight are the most")
        }
        guard mayBeUnknown || format.sampleRate > 0 && format.channels > 0 else {
            throw Refusal(.undecodable, "The header gives no sample rate or no channels")
        }
        guard format.extradata.count <= SourceFormat.Limit.extradata else {
            throw Refusal(.tooLarge, "The codec's set-up header is larger than 16 MiB")
        }
    }
}

extension SourceFormat {
    /// Samples to drop at the start by the Opus identification header (RFC 7845 §5.1); 0 for other codecs.
    var opusPreSkip: Int {
        guard codec == .opus, extradata.count >= 12 else { return 0 }
        return Int(extradata[10]) | Int(extradata[11]) << 8
    }
}
