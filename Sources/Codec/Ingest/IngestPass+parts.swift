import Audio
import CFFmpeg

/// The parts of a file, one after the other: each has a new reader or decoder, and a map as if it were a file.
extension IngestPass where Reader: ~Copyable {
    static func format(of reader: borrowing Reader, _ limits: IngestLimits) throws(Refusal) -> SourceFormat {
        guard let format = reader.format else {
            throw Refusal(.unsupportedFormat, "The sound is in \(reader.codecName), which sweetspot does not take")
        }
        try limits.check(format, mayBeUnknown: format.codec.pcmSampleBytes == nil)
        return format
    }

    static func decoder(of format: SourceFormat) throws(Refusal) -> SourceDecoder {
        do throws(RenderError) {
            return try SourceDecoder(format)
        } catch {
            throw Refusal(.undecodable, "The set-up header of the \(format.codec.rawValue) sound is damaged")
        }
    }

    static func survey(_ sound: SoundFile, _ format: SourceFormat, isInPlace: Bool) -> PacketSurvey {
        var survey = PacketSurvey(sampleRate: format.sampleRate, skip: sound.trims.leadIn ?? format.opusPreSkip)
        if !isInPlace { survey.leaveFile() }
        return survey
    }

    /// Turns to the part at ``soundIndex``. After a throw the previous part is still current, without packets.
    mutating func openPart() throws(Refusal) {
        let next = parts[soundIndex]
        let reader = try Reader(next)
        let format = try Self.format(of: reader, limits)
        guard limits.takesExtraFormats || format.codec != .speex else {
            throw Refusal(.unsupportedFormat, "The sound is in \(reader.codecName), which this server does not take")
        }
        let decoder = try Self.decoder(of: format)
        (sound, packetsBefore) = (next, 0)
        self.reader = reader
        beginPart(format, decoder)
    }

    mutating func beginPart(_ format: SourceFormat, _ decoder: consuming SourceDecoder) {
        source = format
        self.decoder = decoder
        survey = Self.survey(sound, source, isInPlace: isInPlace)
        probes = RandomAccessProbes(seed: sound.file.size + soundIndex)
        sampleFormat = AV_SAMPLE_FMT_NONE
        times = PacketTimes()
        base = storedBytes
    }

    /// Drains the decoder and makes the current part's map.
    mutating func endPart(_ emit: (IngestEvent) -> Void) throws(Refusal) {
        if decoder.send(nil) {
            decoded.removeAll()
            survey.extendLast(by: receive() ?? 0)
        }
        if sound.file.hasFailed { throw Refusal(.undecodable, "The file cannot be read to its end") }
        survey.finish()
        missing = whatIsMissing
        if survey.isInPlace, survey.isSparse { try repack(emit) }
        do throws(Refusal) {
            guard sampleFormat != AV_SAMPLE_FMT_NONE else {
                throw Refusal(.undecodable, "Nothing in this \(source.codec.rawValue) sound can be decoded", offset: firstDamage)
            }
            let map = try makeMap()
            done.append(IngestPart(map: map, sound: soundIndex, packetsBefore: packetsBefore, base: base))
        } catch {
            guard error.kind != .tooLarge else { throw error }
            failures.append(error)
        }
        meter?.endPart(trimming: survey.endTrim)
        (doneMilliseconds, doneSoundBytes) = (milliseconds, soundBytes)
        packetsBefore += survey.table.count
        donePackets += survey.table.count
        doneEnd = max(doneEnd, survey.table.endOffset)
        survey = PacketSurvey(sampleRate: 0, skip: 0)
    }

    mutating func makeMap() throws(Refusal) -> TrackMap {
        trimEnds()
        let samples = survey.table.sampleCount - survey.leadIn - survey.endTrim
        guard samples >= 1 else { throw Refusal(.undecodable, "The file has no samples of sound") }
        try limits.check(source, mayBeUnknown: false)
        guard hasDownmix else {
            throw Refusal(.undecodable, "The sound's \(source.channels) channels cannot be mixed down")
        }
        var map = TrackMap(
            container: sound.container.name, source: source, originalBytes: sound.file.size, leadIn: survey.leadIn,
            samples: samples, packets: survey.table, usesPacketFile: !survey.isInPlace,
            libraries: libavVersions())
        map.randomAccess = probes.verdict(map)
        return map
    }

    mutating func joinParts() throws(Refusal) -> TrackMap {
        var map = try done.joined(dropsParts: &goesOn)
        map.usesPacketFile = !isInPlace
        return map
    }

    /// What was measured of all parts.
    mutating func measures(of map: TrackMap) -> SoundMeasures {
        var measures = SoundMeasures()
        if var meter = meter.take() { measures = meter.finish(at: map.source.sampleRate) }
        measures.soundHash = hash.value
        addWarnings(parts: max(1, map.parts.count))
        measures.warnings = warnings
        return measures
    }

    /// Trims that the packets do not carry.
    mutating func trimEnds() {
        if let (leadIn, samples) = sound.trims.exact(survey.table) {
            survey.trim(leadIn: leadIn, samples: samples)
        } else if case .movie(let movie) = sound.trims {
            warnings += survey.trim(to: movie, times, endTime: reader.endTime(at: source.sampleRate), source)
        } else if case .iTunes = sound.trims {
            survey.trim(leadIn: 0, samples: survey.table.sampleCount)
            warnings.append(MP4Movie.staleTag)
        }
    }

    mutating func addWarnings(parts: Int) {
        if parts > 1 { warnings.append(SoundFile.partsWarning(parts, sound.container)) }
        if failures.count == 1 { warnings.append("A part of the file cannot be decoded and is left out") }
        if failures.count > 1 { warnings.append("\(failures.count) parts of the file cannot be decoded and are left out") }
        if goesOn { warnings.append(SoundFile.moreParts) }
        if damagedPackets > 0 {
            let place = firstDamage.map { ", the first at byte \($0)" } ?? ""
            warnings.append("\(damagedPackets) of \(donePackets) packets are damaged\(place)")
        }
        if let missing {
            warnings.removeAll { $0 == SoundFile.cut }
            warnings.append(missing)
        }
        if let end = unreadableFrom {
            warnings.append("The file cannot be read beyond byte \(end)")
        }
    }

    /// A warning if the current part is shorter than its header promises, or its end is missing.
    private var whatIsMissing: String? {
        let declared = packetsBefore > 0 ? 0 : reader.declaredSamples
        if declared > 0, survey.table.sampleCount < declared - source.sampleRate / 10 {
            return "The file ends early: its header promises \(declared / source.sampleRate) s of sound"
        }
        return FileEnd.isMissing(from: sound) ? SoundFile.cut : nil
    }

    /// Whether libswresample can mix the channels down to one and two.
    private var hasDownmix: Bool {
        for channels in 1...2 {
            let output = OutputFormat(sampleRate: source.sampleRate, channels: channels)
            guard (try? Resampler(from: source, AV_SAMPLE_FMT_FLTP, to: output, interleaved: false)) != nil else { return false }
        }
        return true
    }

    /// Ends the part before the current packet, whose format differs, and begins one with it. Returns false if the container
    /// forbids that.
    ///
    /// MP4's edit lists and Ogg's granules describe the track as a whole.
    mutating func changePart(_ emit: (IngestEvent) -> Void) throws(Refusal) -> Bool {
        guard ![.mp4, .ogg].contains(sound.container), done.count + failures.count < TrackPart.limit - 1,
            let format = reader.format
        else {
            goesOn = true
            return false
        }
        try endPart(emit)
        beginPart(format, try Self.decoder(of: format))
        return true
    }

    /// Reads the packets so far once more and moves them into a packet file.
    mutating func repack(_ emit: (IngestEvent) -> Void) throws(Refusal) {
        isInPlace = false
        var again = try Reader(parts[0])
        var open = 0
        var read = 0
        for index in 0...done.count {
            let isDone = index < done.count
            let table = isDone ? done[index].map.packets : survey.table
            guard table.count > 0 else { continue }
            let (part, before) = isDone ? (done[index].sound, done[index].packetsBefore) : (soundIndex, packetsBefore)
            if part != open {
                again = try Reader(parts[part])
                (open, read) = (part, 0)
            }
            if isDone {
                done[index].base = storedBytes
                done[index].map.packets = table.packed
            } else {
                base = storedBytes
            }
            while read < before + table.count, again.next() == .packet {
                let packet = again.packet.pointee
                guard let data = packet.data, packet.size > 0 else { continue }
                if read >= before {
                    guard Int(packet.size) == table[read - before].size else { break }
                    store(UnsafeRawBufferPointer(start: data, count: Int(packet.size)), emit)
                }
                read += 1
            }
            guard read == before + table.count else {
                throw Refusal(.undecodable, "The file reads differently the second time")
            }
        }
        survey.leaveFile()
    }
}
