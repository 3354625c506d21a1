import Audio
import TestSupport

/// Tracks made up at random: what ingest could have written about a file.
enum MadeTrack {
    /// A packet as a plain list would hold it.
    struct Packet: Equatable {
        let bytes: Range<Int>
        let samples: Range<Int>
    }

    static func packets(count: Int, using generator: inout SeededGenerator) -> (table: PacketTable, model: [Packet]) {
        var table = PacketTable()
        var model: [Packet] = []
        var offset = Int.random(in: 0...5000, using: &generator)
        var sample = 0
        var samples = 1024
        for _ in 0..<count {
            if Int.random(in: 0..<20, using: &generator) == 0 { offset += Int.random(in: 1...70_000, using: &generator) }
            if Int.random(in: 0..<10, using: &generator) == 0 {
                samples = [0, 1, 576, 1024, 4096].randomElement(using: &generator) ?? 1
            }
            let size = Int.random(in: 0...2000, using: &generator)
            guard table.append(offset: offset, size: size, samples: samples) else { continue }
            model.append(Packet(bytes: offset..<(offset + size), samples: sample..<(sample + samples)))
            offset += size
            sample += samples
        }
        return (table, model)
    }

    static func map(using generator: inout SeededGenerator) -> TrackMap {
        var table = PacketTable()
        repeat {
            table = packets(count: Int.random(in: 1...300, using: &generator), using: &generator).table
        } while table.sampleCount == 0
        let leadIn = Int.random(in: 0..<table.sampleCount, using: &generator)
        var tags = TrackTags(
            title: "Ærø 🎻", artist: "", albumArtist: "x\0y", album: "春", track: 3, disc: 1, year: 1999, genres: ["Folk", ""])
        tags.artists = ["A", "B"]
        tags.musicBrainz.release = "b10bbbfc-cf9e-42e0-be17-e2c3e1d2600d"
        tags.replayGain.albumGain = -6.5
        (tags.tempo, tags.moods, tags.discTitle) = (121, ["Calm", "春"], "Night")
        tags.lyrics = .init(text: "[00:01.00]la\nla", isSynchronised: true)
        return TrackMap(
            container: "ogg",
            source: SourceFormat(
                codec: SourceCodec.allCases.randomElement(using: &generator) ?? .flac,
                sampleRate: Int.random(in: 1...768_000, using: &generator), channels: Int.random(in: 1...8, using: &generator),
                channelMask: .random(in: 0 ... .max, using: &generator), bitsPerSample: Int.random(in: 0...64, using: &generator),
                blockAlign: Int.random(in: 0...64, using: &generator),
                extradata: (0..<Int.random(in: 0...100, using: &generator)).map { _ in .random(in: 0...255, using: &generator) }),
            originalBytes: table.endOffset, leadIn: leadIn,
            samples: Int.random(in: 1...(table.sampleCount - leadIn), using: &generator),
            packets: table, usesPacketFile: .random(using: &generator),
            tags: tags, art: .random(using: &generator) ? Picture(format: .png, width: 3, height: 4, bytes: 70) : nil,
            randomAccess: RandomAccess(preRoll: 3, worst: .random(using: &generator) ? 61.5 : nil, places: 8),
            libraries: "libavcodec 59")
    }

    /// A map of `samples` samples in packets of `packetSamples`, `packetBytes` each, after a lead-in.
    static func regular(
        _ codec: SourceCodec, rate: Int, channels: Int = 2, samples: Int, leadIn: Int = 0, packetSamples: Int, packetBytes: Int,
        gapEvery: Int = .max
    ) -> TrackMap {
        var table = PacketTable()
        var offset = 100
        while table.sampleCount < leadIn + samples {
            if table.count > 0, table.count.isMultiple(of: gapEvery) { offset += 27 }
            guard table.append(offset: offset, size: packetBytes, samples: packetSamples) else { break }
            offset += packetBytes
        }
        return TrackMap(
            container: "wav", source: SourceFormat(codec: codec, sampleRate: rate, channels: channels), originalBytes: offset,
            leadIn: leadIn, samples: samples, packets: table, usesPacketFile: false)
    }

    /// A map of parts in formats and of lengths as they come: some decode to a sample, some go on in the format before.
    static func chained(_ count: Int, using generator: inout SeededGenerator) -> TrackMap {
        let codecs: [(SourceCodec, Int)] = [(.mp3, 1152), (.mp3, 576), (.vorbis, 512), (.opus, 960), (.flac, 4096)]
        let rates = [8_000, 11_025, 22_050, 32_000, 37_811, 44_100, 48_000, 96_000]
        var table = PacketTable()
        var parts: [TrackPart] = []
        var offset = 100
        for _ in 0..<count {
            let (codec, packetSamples) = codecs.randomElement(using: &generator) ?? (.flac, 4096)
            let source = SourceFormat(
                codec: codec, sampleRate: rates.randomElement(using: &generator) ?? 44_100,
                channels: Int.random(in: 1...2, using: &generator), extradata: [UInt8.random(in: 0...3, using: &generator)])
            let goesOn = Int.random(in: 0..<3, using: &generator) == 0
            let (before, packets) = (table.sampleCount, Int.random(in: 1...200, using: &generator))
            offset += Int.random(in: 0...2000, using: &generator)
            for _ in 0..<packets {
                let fits = table.append(offset: offset, size: 300, samples: packetSamples)
                offset += fits ? 300 : 0
            }
            let decoded = table.sampleCount - before
            let leadIn = Int.random(in: 0..<min(decoded, 2000), using: &generator)
            let whole = decoded - leadIn
            let samples = Bool.random(using: &generator) ? whole : Int.random(in: 1...whole, using: &generator)
            parts.append(
                TrackPart(
                    source: goesOn ? parts.last?.source ?? source : source, packets: packets, leadIn: leadIn, samples: samples))
        }
        let source = (parts.randomElement(using: &generator) ?? parts[0]).source
        return TrackMap(
            container: "ogg", source: source, originalBytes: offset, leadIn: parts[0].leadIn,
            samples: TrackMap.samples(of: parts, in: table, at: source.sampleRate) ?? 0, packets: table, parts: parts,
            usesPacketFile: false)
    }
}
