import Audio
import CFFmpeg
import Glibc

/// One file on its way to a ``TrackMap``.
struct IngestPass<Reader: PacketReader & ~Copyable>: ~Copyable {
    // Each report buys time, so tracks of few bytes must make some too.
    private static var progressBytes: Int { 1 << 20 }
    private static var progressMilliseconds: Int { 10_000 }
    private static var pieceBytes: Int { 1 << 16 }

    /// The current part, and its index among the file's.
    var sound: SoundFile
    var soundIndex = 0
    let parts: [SoundFile]
    let limits: IngestLimits
    var reader: Reader
    var decoder: SourceDecoder
    var source: SourceFormat
    var survey: PacketSurvey
    var meter: SoundMeter?
    var probes: RandomAccessProbes
    var decoded = SampleBlock()
    var hash = StableHash()
    var warnings: [String]
    let frame: UnsafeMutablePointer<AVFrame>
    let comparison: UnsafeMutableRawBufferPointer
    var sampleFormat = AV_SAMPLE_FMT_NONE
    var damagedPackets = 0
    var firstDamage: Int?
    var unreadableFrom: Int?
    /// What the last part lacks, as a sentence.
    var missing: String?
    var lastProgress = (bytes: 0, milliseconds: 0)
    var packetBytes: [UInt8] = []
    var times = PacketTimes()
    var tags: FileTags?
    /// The finished parts, the failed ones, and the sums over all of them.
    var done: [IngestPart] = []
    var failures: [Refusal] = []
    var doneMilliseconds = 0
    var doneSoundBytes = 0
    var donePackets = 0
    /// Where the last part's packets end in the Original.
    var doneEnd = 0
    /// Packets of the reader that belong to parts before the current one.
    var packetsBefore = 0
    var isInPlace: Bool
    /// Bytes of the packet file so far, and those of them that belong to parts before the current one.
    var storedBytes = 0
    var base = 0
    var goesOn: Bool

    init(_ sound: SoundFile, _ limits: IngestLimits) throws(Refusal) {
        let reader = try Reader(sound)
        let format = try Self.format(of: reader, limits)
        let decoder = try Self.decoder(of: format)
        self.limits = limits
        self.sound = sound
        self.reader = reader
        self.decoder = decoder
        source = format
        parts = [sound] + sound.following
        goesOn = sound.goesOn
        warnings = sound.warnings
        let isInPlace = !sound.container.lacesPackets && sound.freeFormat == nil
        self.isInPlace = isInPlace
        survey = Self.survey(sound, format, isInPlace: isInPlace)
        probes = RandomAccessProbes(seed: sound.file.size)
        frame = allocated(av_frame_alloc())
        comparison = .allocate(byteCount: Self.pieceBytes, alignment: 16)
    }

    deinit {
        var closing: UnsafeMutablePointer<AVFrame>? = frame
        av_frame_free(&closing)
        comparison.deallocate()
    }

    mutating func run(_ emit: (IngestEvent) -> Void) throws(Refusal) -> TrackMap {
        try work(emit)
        tags = FileTags(of: sound.file, sound.container, reader.metadata, limit: limits.tagBytes)
        while soundIndex + 1 < parts.count {
            soundIndex += 1
            do throws(Refusal) {
                try openPart()
            } catch {
                guard error.kind != .tooLarge else { throw error }
                failures.append(error)
                continue
            }
            try work(emit)
        }
        guard !done.isEmpty else { throw failures.first ?? Refusal(.undecodable, "There is no sound in the file") }
        if isInPlace, done.isSparse { try repack(emit) }
        if !packetBytes.isEmpty { emit(.packetBytes(packetBytes)) }
        report(bytes: sound.file.size, isLast: true, emit)
        var map = try joinParts()
        emit(.measured(measures(of: map)))
        tags?.describe(&map, emit)
        return map
    }

    /// Takes all packets of the reader.
    mutating func work(_ emit: (IngestEvent) -> Void) throws(Refusal) {
        reading: while true {
            switch reader.next() {
            case .packet: guard try take(emit) else { break reading }
            case .damaged:
                unreadableFrom = reader.place
                break reading
            case .end: break reading
            }
        }
        try endPart(emit)
    }

    /// Takes the current packet. Returns false if the track ends before it.
    mutating func take(_ emit: (IngestEvent) -> Void) throws(Refusal) -> Bool {
        let packet = reader.packet.pointee
        guard let data = packet.data, packet.size > 0 else { return true }
        if reader.bringsNewSetUp(after: source.extradata) {
            goesOn = true
            return false
        }
        let bytes = UnsafeRawBufferPointer(start: data, count: Int(packet.size))
        var decodedSamples = decode()
        if decodedSamples == nil {
            guard try changePart(emit) else { return false }
            decodedSamples = decode()
        }
        let samples = decodedSamples ?? 0
        let place = isInPlace ? reader.packetOffset : nil
        let offset = place.flatMap { fileHolds(bytes, at: $0) ? $0 : nil }
        let end = max(survey.table.endOffset, doneEnd)
        if isInPlace, offset.map({ $0 < end }) ?? true { try repack(emit) }
        let leadIn = survey.leadIn
        guard donePackets + survey.table.count < limits.packets,
            survey.append(
                offset: offset, size: bytes.count, samples: samples, skip: skipWish, isDiscarded: reader.isDiscarded)
        else { throw Refusal(.tooLarge, "The file has more or larger packets than sweetspot takes", offset: place) }
        hash.add(bytes.bytes)
        probes.append(
            reader.packet, samples: samples, decoded.samples(from: 0, count: decoded.count), channels: max(1, source.channels))
        meter?.skip(survey.leadIn - leadIn)
        meter?.advance()
        if sound.container == .mp4 { times.append(reader.packetTime(at: source.sampleRate), samples: samples) }
        if !isInPlace { store(bytes, emit) }
        try checkLength()
        report(bytes: max(reader.place, survey.table.byteCount), emit)
        return true
    }

    /// The trims the demuxer wants for the packet, if the demuxer decides on them.
    var skipWish: (leading: Int, trailing: Int)? {
        if case .granules = sound.trims { return nil }
        guard let wish = reader.skip, reader.sampleRate > 0, reader.sampleRate != source.sampleRate else {
            return reader.skip
        }
        // HE-AAC containers count at the core's rate.
        func scaled(_ samples: Int) -> Int { samples * source.sampleRate / reader.sampleRate }
        return (scaled(wish.leading), scaled(wish.trailing))
    }

    /// Milliseconds of sound so far, and its bytes as floats.
    var milliseconds: Int { doneMilliseconds + survey.table.sampleCount * 1000 / max(1, source.sampleRate) }
    var soundBytes: Int { doneSoundBytes + survey.table.sampleCount * max(1, source.channels) * 4 }

    func checkLength() throws(Refusal) {
        guard milliseconds / 1000 <= limits.seconds else {
            throw Refusal(.tooLarge, "The sound is longer than \(limits.seconds) s", offset: reader.place)
        }
        guard soundBytes < limits.expansionFree || soundBytes / max(1, sound.file.size) < limits.expansion else {
            throw Refusal(
                .tooLarge, "The sound is more than \(limits.expansion) times as large as the file", offset: reader.place)
        }
    }

    /// Decodes the packet. Returns samples per channel, 0 if the packet is damaged, nil if the format changes.
    mutating func decode() -> Int? {
        decoded.removeAll()
        guard decoder.send(reader.packet) else {
            noteDamage()
            return 0
        }
        return receive()
    }

    /// Samples per channel of the frames the decoder has ready; nil if one differs in format from the first.
    mutating func receive() -> Int? {
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

    mutating func isExpected(_ frame: AVFrame) -> Bool {
        if sampleFormat == AV_SAMPLE_FMT_NONE {
            sampleFormat = AVSampleFormat(rawValue: frame.format)
            source.sampleRate = decoder.sampleRate
            source.channels = Int(frame.ch_layout.nb_channels)
            source.channelMask = frame.ch_layout.order == AV_CHANNEL_ORDER_NATIVE ? frame.ch_layout.u.mask : 0
            if meter == nil {
                meter = SoundMeter(sampleRate: source.sampleRate, channels: source.channels)
            } else {
                meter?.change(sampleRate: source.sampleRate, channels: source.channels)
            }
            if case .movie(let movie) = sound.trims {
                survey.expect(leadIn: movie.expectedLeadIn(sampleRate: source.sampleRate, preSkip: source.opusPreSkip))
            }
        }
        return decoder.sampleRate == source.sampleRate && frame.ch_layout.nb_channels == source.channels
            && frame.format == sampleFormat.rawValue
    }

    mutating func noteDamage() {
        damagedPackets += 1
        if firstDamage == nil { firstDamage = reader.packetOffset }
    }

    /// Whether the file holds exactly these bytes at `offset`.
    func fileHolds(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Bool {
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

    mutating func store(_ bytes: UnsafeRawBufferPointer, _ emit: (IngestEvent) -> Void) {
        packetBytes.append(contentsOf: bytes)
        storedBytes += bytes.count
        guard packetBytes.count >= Self.pieceBytes else { return }
        emit(.packetBytes(packetBytes))
        packetBytes.removeAll(keepingCapacity: true)
    }

    mutating func report(bytes: Int, isLast: Bool = false, _ emit: (IngestEvent) -> Void) {
        // A demuxer may step back; the reported progress does not.
        let bytes = max(lastProgress.bytes, min(bytes, sound.file.size))
        let milliseconds = milliseconds
        guard
            bytes >= lastProgress.bytes + Self.progressBytes
                || milliseconds >= lastProgress.milliseconds + Self.progressMilliseconds
                || isLast
        else { return }
        lastProgress = (bytes, milliseconds)
        emit(.progress(bytes: bytes, milliseconds: milliseconds))
    }
}
