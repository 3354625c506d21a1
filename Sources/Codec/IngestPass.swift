import Audio
import CFFmpeg
import Glibc

/// One file on its way to a ``TrackMap``.
struct IngestPass<Reader: PacketReader & ~Copyable>: ~Copyable {
    // Each report buys time, so a track of few bytes has to make some too.
    private static var progressBytes: Int { 1 << 20 }
    private static var progressMilliseconds: Int { 10_000 }
    private static var pieceBytes: Int { 1 << 16 }

    private let sound: SoundFile
    private let limits: IngestLimits
    private var reader: Reader
    private let decoder: SourceDecoder
    private var source: SourceFormat
    private var survey: PacketSurvey
    private var meter: SoundMeter?
    private var sampler: AccessSampler
    private var decoded = SampleBlock()
    private var hash = StableHash()
    private var warnings: [String]
    private let frame: UnsafeMutablePointer<AVFrame>
    private let comparison: UnsafeMutableRawBufferPointer
    private var sampleFormat = AV_SAMPLE_FMT_NONE
    private var damagedPackets = 0
    private var firstDamage: Int?
    private var unreadableFrom: Int?
    private var lastProgress = (bytes: 0, milliseconds: 0)
    private var packetBytes: [UInt8] = []
    private var times = PacketTimes()

    init(_ sound: SoundFile, _ limits: IngestLimits) throws(Refusal) {
        let reader = try Reader(sound)
        guard let format = reader.format else {
            throw Refusal(.unsupportedFormat, "The sound is in \(reader.codecName), which sweetspot does not take")
        }
        try limits.check(format, mayBeUnknown: format.codec.pcmSampleBytes == nil)
        let decoder: SourceDecoder
        do throws(RenderError) {
            decoder = try SourceDecoder(format)
        } catch {
            throw Refusal(.undecodable, "The set-up header of the \(format.codec.rawValue) sound is damaged")
        }
        self.decoder = decoder
        self.limits = limits
        self.sound = sound
        self.reader = reader
        source = format
        warnings = sound.warnings
        survey = PacketSurvey(sampleRate: format.sampleRate, skip: sound.trims.leadIn ?? format.opusPreSkip)
        sampler = AccessSampler(seed: sound.file.size)
        if sound.container.lacesPackets || sound.freeFormat != nil { survey.leaveFile() }
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
            switch reader.next() {
            case .packet: guard try take(emit) else { break reading }
            case .damaged:
                unreadableFrom = reader.place
                break reading
            case .end: break reading
            }
        }
        if decoder.send(nil) {
            decoded.removeAll()
            survey.extendLast(by: receive() ?? 0)
        }
        if sound.file.hasFailed { throw Refusal(.undecodable, "The file cannot be read to its end") }
        survey.finish()
        guard sampleFormat != AV_SAMPLE_FMT_NONE else {
            throw Refusal(.undecodable, "Nothing in this \(source.codec.rawValue) sound can be decoded", offset: firstDamage)
        }
        if survey.isInPlace, survey.isSparse { try repack(emit) }
        if !packetBytes.isEmpty { emit(.packetBytes(packetBytes)) }
        report(bytes: sound.file.size, isLast: true, emit)
        var map = try makeMap()
        FileTags(of: sound.file, sound.container, reader.metadata, limit: limits.tagBytes).describe(&map, emit)
        return map
    }

    private mutating func makeMap() throws(Refusal) -> TrackMap {
        trimEnds()
        let samples = survey.table.sampleCount - survey.leadIn - survey.endTrim
        guard samples >= 1 else { throw Refusal(.undecodable, "There is not one sample of sound in the file") }
        try limits.check(source, mayBeUnknown: false)
        guard hasDownmix else {
            throw Refusal(.undecodable, "The sound's \(source.channels) channels cannot be mixed down")
        }
        addWarnings()
        var map = TrackMap(
            container: sound.container.name, source: source, originalBytes: sound.file.size, leadIn: survey.leadIn,
            samples: samples, packets: survey.table, usesPacketFile: !survey.isInPlace,
            soundHash: hash.value, libraries: libavVersions())
        if var meter = meter.take() { map.measures = meter.finish(trimming: survey.endTrim) }
        map.randomAccess = sampler.verdict(map)
        map.warnings = warnings
        return map
    }

    /// Trims that the packets do not carry.
    private mutating func trimEnds() {
        if let (leadIn, samples) = sound.trims.exact(survey.table) {
            survey.trim(leadIn: leadIn, samples: samples)
        } else if case .movie(let movie) = sound.trims {
            warnings += survey.trim(to: movie, times, endTime: reader.endTime(at: source.sampleRate), source)
        } else if case .iTunes = sound.trims {
            survey.trim(leadIn: 0, samples: survey.table.sampleCount)
            warnings.append(MP4Movie.staleTag)
        }
    }

    private mutating func addWarnings() {
        if damagedPackets > 0 {
            let place = firstDamage.map { ", the first at byte \($0)" } ?? ""
            warnings.append("\(damagedPackets) of \(survey.table.count) packets are damaged\(place)")
        }
        let declared = reader.declaredSamples
        if declared > 0, survey.table.sampleCount < declared - source.sampleRate / 10 {
            warnings.removeAll { $0 == SoundFile.cut }
            warnings.append("The file ends early: its header promises \(declared / source.sampleRate) s of sound")
        } else if FileEnd.isMissing(from: sound), !warnings.contains(SoundFile.cut) {
            warnings.append(SoundFile.cut)
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
        let packet = reader.packet.pointee
        guard let data = packet.data, packet.size > 0 else { return true }
        if reader.bringsNewSetUp(after: source.extradata) {
            warnings.append(SoundFile.severalTracks)
            return false
        }
        let bytes = UnsafeRawBufferPointer(start: data, count: Int(packet.size))
        guard let samples = decode() else {
            warnings.append(SoundFile.formatChange)
            return false
        }
        let place = survey.isInPlace ? reader.packetOffset : nil
        let offset = place.flatMap { fileHolds(bytes, at: $0) ? $0 : nil }
        if survey.isInPlace, offset.map({ $0 < survey.table.endOffset }) ?? true { try repack(emit) }
        let leadIn = survey.leadIn
        guard survey.table.count < limits.packets,
            survey.append(
                offset: offset, size: bytes.count, samples: samples, skip: skipWish, isDiscarded: reader.isDiscarded)
        else { throw Refusal(.tooLarge, "The file has more or larger packets than sweetspot takes", offset: place) }
        hash.add(bytes.bytes)
        sampler.append(
            reader.packet, samples: samples, decoded.samples(from: 0, count: decoded.count), channels: max(1, source.channels))
        meter?.skip(survey.leadIn - leadIn)
        meter?.advance()
        if sound.container == .mp4 { times.append(reader.packetTime(at: source.sampleRate), samples: samples) }
        if !survey.isInPlace { store(bytes, emit) }
        try checkLength()
        report(bytes: max(reader.place, survey.table.byteCount), emit)
        return true
    }

    /// What the demuxer wants cut off the packet, where it is the one to be asked.
    private var skipWish: (leading: Int, trailing: Int)? {
        if case .granules = sound.trims { return nil }
        guard let wish = reader.skip, reader.sampleRate > 0, reader.sampleRate != source.sampleRate else {
            return reader.skip
        }
        // HE-AAC counts at its core's rate.
        func scaled(_ samples: Int) -> Int { samples * source.sampleRate / reader.sampleRate }
        return (scaled(wish.leading), scaled(wish.trailing))
    }

    private func checkLength() throws(Refusal) {
        let samples = survey.table.sampleCount
        guard samples / max(1, source.sampleRate) <= limits.seconds else {
            throw Refusal(.tooLarge, "The sound is longer than \(limits.seconds) s", offset: reader.place)
        }
        let bytes = samples * max(1, source.channels) * 4
        guard bytes < limits.expansionFree || bytes / max(1, sound.file.size) < limits.expansion else {
            throw Refusal(
                .tooLarge, "The sound is more than \(limits.expansion) times as large as the file", offset: reader.place)
        }
    }

    /// Decodes the packet; samples per channel, 0 where it is damaged, nil where the format changes.
    private mutating func decode() -> Int? {
        decoded.removeAll()
        guard decoder.send(reader.packet) else {
            noteDamage()
            return 0
        }
        return receive()
    }

    /// Samples per channel of the frames the decoder has ready; nil where one is of another format than the first.
    private mutating func receive() -> Int? {
        while true {
            switch decoder.receive(frame) {
            case .drained: return decoded.count
            case .damaged:
                noteDamage()
                return decoded.count
            case .frame:
                guard isExpected(frame.pointee) else { return nil }
                decoded.append(frame.pointee)
                meter?.append(frame.pointee)
            }
        }
    }

    private mutating func isExpected(_ frame: AVFrame) -> Bool {
        if sampleFormat == AV_SAMPLE_FMT_NONE {
            sampleFormat = AVSampleFormat(rawValue: frame.format)
            source.sampleRate = decoder.sampleRate
            source.channels = Int(frame.ch_layout.nb_channels)
            source.channelMask = frame.ch_layout.order == AV_CHANNEL_ORDER_NATIVE ? frame.ch_layout.u.mask : 0
            meter = SoundMeter(sampleRate: source.sampleRate, channels: source.channels)
            if case .movie(let movie) = sound.trims {
                survey.expect(leadIn: movie.expectedLeadIn(sampleRate: source.sampleRate, preSkip: source.opusPreSkip))
            }
        }
        return decoder.sampleRate == source.sampleRate && frame.ch_layout.nb_channels == source.channels
            && frame.format == sampleFormat.rawValue
    }

    private mutating func noteDamage() {
        damagedPackets += 1
        if firstDamage == nil { firstDamage = reader.packetOffset }
    }

    /// Whether the file holds exactly these bytes at `offset`.
    private func fileHolds(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Bool {
        guard offset <= sound.file.size - bytes.count, let base = bytes.baseAddress else { return false }
        var done = 0
        while done < bytes.count {
            let piece = UnsafeMutableRawBufferPointer(rebasing: comparison.prefix(bytes.count - done))
            guard let held = piece.baseAddress, sound.file.read(into: piece, at: offset + done) == piece.count,
                memcmp(held, base + done, piece.count) == 0
            else { return false }
            done += piece.count
        }
        return true
    }

    /// Goes over the packets taken so far once more and moves them into a packet file.
    private mutating func repack(_ emit: (IngestEvent) -> Void) throws(Refusal) {
        var again = try Reader(sound)
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

    private mutating func report(bytes: Int, isLast: Bool = false, _ emit: (IngestEvent) -> Void) {
        // A demuxer may step back; what was worked through stays so.
        let bytes = max(lastProgress.bytes, min(bytes, sound.file.size))
        let milliseconds = survey.table.sampleCount * 1000 / max(1, source.sampleRate)
        guard
            bytes >= lastProgress.bytes + Self.progressBytes
                || milliseconds >= lastProgress.milliseconds + Self.progressMilliseconds
                || isLast
        else { return }
        lastProgress = (bytes, milliseconds)
        emit(.progress(bytes: bytes, milliseconds: milliseconds))
    }
}
