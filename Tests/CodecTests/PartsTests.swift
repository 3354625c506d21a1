import Audio
import Foundation
import Glibc
import TestSupport
import Testing

@testable import Codec

@Suite("All the sound in a file is played: links of a chained Ogg, and parts after a change of format", .tags(.codec, .oracle))
struct PartsTests {
    static let rungs = ["mp3-48", "mp3-96", "mp3-128", "opus-24", "opus-64", "aac-96", "flac"]
    static let fewRungs = ["mp3-64", "opus-24", "flac"]

    /// The rungs a track has, each rendered in chunks and compared with one conversion of the whole.
    static func check(_ sound: Sound, _ rungs: [String] = fewRungs, decibels: Double = .infinity) throws {
        for name in rungs {
            let rendition = try #require(Rendition(named: name))
            guard let grid = FrameGrid(rendition, source: sound.map.source, samples: sound.map.samples) else { continue }
            #expect(grid.outputSamples == (sound.map.samples * grid.output.sampleRate + grid.sourceRate - 1) / grid.sourceRate)
            let (chunked, continuous) = (try sound.chunkedSignal(grid), try sound.continuousSignal(grid))
            #expect(continuous.count == grid.outputSamples * grid.output.channels, "\(name)")
            if decibels == .infinity {
                #expect(chunked == continuous, "\(name)")
            } else {
                #expect(likeness(chunked, continuous) > decibels, "\(name)")
            }
            // The renderer throws where a chunk's bytes are not what the layout says.
            let bytes = try sound.render(grid)
            let size = (0..<grid.chunkCount).reduce(0) { $0 + grid.byteCount(ofChunk: $1) }
            if rendition.ladder.hasKnownSizes { #expect(bytes.count == size, "\(name)") }
        }
        #expect(try TrackMap(decoding: sound.map.encoded()) == sound.map)
    }

    /// The ratio of the second signal to its difference from the first, in dB.
    static func likeness(_ one: [Float], _ other: [Float]) -> Double {
        guard one.count == other.count else { return -.infinity }
        var (signal, noise) = (1e-12, 1e-12)
        for (one, other) in zip(one, other) {
            signal += Double(other * other)
            noise += Double((one - other) * (one - other))
        }
        return 10 * log10(signal / noise)
    }

    static func ogg(_ codec: String, seconds: Double, rate: Int = 44_100, channels: Int = 2) throws -> [UInt8] {
        try Tools.ffmpeg(Music(seconds: seconds, sampleRate: rate, channels: channels).wav, ["-c:a", codec], to: "a.ogg")
    }

    static func mp3(seconds: Double, rate: Int = 44_100, channels: Int = 2, _ arguments: [String] = []) throws -> [UInt8] {
        try Tools.ffmpeg(
            Music(seconds: seconds, sampleRate: rate, channels: channels).wav, ["-id3v2_version", "0"] + arguments, to: "a.mp3")
    }

    @Test("Links of one format are one sound (deadbeef#1021, lewton#18)", arguments: ["libvorbis", "libopus", "flac"])
    func sameFormat(codec: String) throws {
        let files = try [Self.ogg(codec, seconds: 3.3), Self.ogg(codec, seconds: 2.9), Self.ogg(codec, seconds: 0.2)]
        let alone = try files.map { try Sound(ingesting: $0) }
        let sound = try Sound(ingesting: files.reduce([], +))
        #expect(sound.map.samples == alone.reduce(0) { $0 + $1.map.samples })
        #expect(sound.map.parts.map(\.samples) == alone.map(\.map.samples))
        #expect(sound.measures.warnings == ["The file holds 3 recordings one after another; they are played as one track"])
        #expect(sound.map.bitrate > 0)
        try Self.check(sound, decibels: codec == "libopus" ? 30 : .infinity)
        // Without a conversion the track is what its links are.
        let rung = codec == "libopus" ? "opus-64" : "mp3-128"
        let links = try alone.flatMap { try $0.continuousSignal(try $0.grid(rung)) }
        let whole = try sound.continuousSignal(try sound.grid(rung))
        #expect(whole == links)
    }

    @Test("Links of other rates and channels are converted to the track's format", arguments: ["libvorbis", "libopus", "flac"])
    func otherFormat(codec: String) throws {
        let rates = codec == "libopus" ? [48_000, 48_000, 48_000] : [48_000, 44_100, 22_050]
        let files = try zip([1.0, 3.4, 0.1], rates).enumerated().map { index, link in
            try Self.ogg(codec, seconds: link.0, rate: link.1, channels: index == 0 ? 1 : 2)
        }
        let alone = try files.map { try Sound(ingesting: $0).map }
        let sound = try Sound(ingesting: files.reduce([], +))
        // Most of it is in this, and what more there is in others is not worth it.
        #expect(sound.map.source.sampleRate == rates[1] && sound.map.source.channels == 2)
        #expect(sound.map.parts.map(\.source.sampleRate) == rates && sound.map.parts.map(\.source.channels) == [1, 2, 2])
        #expect(
            sound.map.samples
                == zip(alone, rates).reduce(0) { $0 + ($1.0.samples * rates[1] + $1.1 - 1) / $1.1 })
        try Self.check(sound, Self.rungs, decibels: codec == "libopus" ? 30 : .infinity)
    }

    @Test("Vorbis, Opus and FLAC in one chain are one track with the tags of the first")
    func mixed() throws {
        let first = try Tools.ffmpeg(
            Music(seconds: 1).wav, ["-c:a", "libvorbis", "-metadata", "title=First"], to: "a.ogg")
        let files = [first, try Self.ogg("libopus", seconds: 2, rate: 48_000), try Self.ogg("flac", seconds: 1.5, channels: 1)]
        let sound = try Sound(ingesting: files.reduce([], +))
        #expect(sound.map.parts.map(\.source.codec) == [.vorbis, .opus, .flac])
        #expect(sound.map.source.codec == .opus)
        #expect(sound.map.samples == 48_000 + 96_000 + 72_000)
        #expect(sound.map.tags.title == "First")
        try Self.check(sound, decibels: 30)
    }

    @Test("A jingle of another rate, version or number of channels does not end an MP3 (mediabunny#382)", arguments: 0..<3)
    func jingle(place: Int) throws {
        let jingles = try [
            Self.mp3(seconds: 0.5, rate: 22_050), Self.mp3(seconds: 0.5, channels: 1), Self.mp3(seconds: 0.5, rate: 48_000),
            Self.mp3(seconds: 0.5, rate: 11_025, channels: 1)
        ]
        let song = try [Self.mp3(seconds: 2.2), Self.mp3(seconds: 1.1)]
        let junk = [UInt8](repeating: 0, count: 300)
        let songSamples = try song.reduce(0) { try $0 + Sound(ingesting: $1).map.samples }
        for jingle in jingles {
            let files = place == 0 ? [jingle + junk] + song : place == 1 ? [song[0], jingle, song[1]] : song + [jingle]
            let alone = try Sound(ingesting: jingle).map
            let sound = try Sound(ingesting: files.reduce([], +))
            let map = sound.map
            #expect(map.source.sampleRate == 44_100 && map.source.channels == 2)
            let converted = (alone.samples * 44_100 + alone.source.sampleRate - 1) / alone.source.sampleRate
            if place == 1 {
                #expect(map.samples == songSamples + converted)
            } else {
                // Files of one format one behind the other go on as they decode: padding between them stays.
                let together = try Sound(ingesting: song[0] + song[1]).map.samples
                #expect(map.samples == together + converted)
            }
            #expect(map.parts.count == (place == 1 ? 3 : 2))
            #expect(!map.usesPacketFile)
            #expect(sound.measures.warnings.contains { $0.contains("\(map.parts.count) parts are played as one track") })
            try Self.check(sound)
        }
    }

    @Test("Many changes of format, with tags and junk between, are one track")
    func manyChanges() throws {
        let files = try [Self.mp3(seconds: 0.3), Self.mp3(seconds: 0.2, rate: 24_000, channels: 1)]
        let alone = try files.map { try Sound(ingesting: $0).map }
        let tag = Array("ID3".utf8) + [4, 0, 0, 0, 0, 2, 0] + [UInt8](repeating: 0xFF, count: 256)
        let trailer = Array("TAG".utf8) + [UInt8](repeating: 0x20, count: 125)
        let sound = try Sound(ingesting: (0..<20).flatMap { files[$0 % 2] + trailer + tag })
        #expect(sound.map.parts.count == 20)
        #expect(sound.map.parts.map(\.samples) == (0..<20).map { alone[$0 % 2].samples })
        #expect(sound.map.samples == 10 * (alone[0].samples + (alone[1].samples * 44_100 + 23_999) / 24_000))
        try Self.check(sound)
    }

    @Test("A part is where it belongs and sounds as it should")
    func place() throws {
        let song = Music(seconds: 3)
        let file = try Self.ogg("flac", seconds: 1, rate: 48_000, channels: 1)
        let sound = try Sound(ingesting: try Tools.ffmpeg(song.wav, ["-c:a", "flac"], to: "a.ogg") + file)
        let signal = try sound.chunkedSignal(try sound.grid("flac"))
        let expected = try Tools.ffmpeg(file, ["-ar", "44100", "-ac", "2", "-f", "f32le"], to: "pcm")
        let oracle = stride(from: 0, to: expected.count - 3, by: 4).map { start in
            Float(bitPattern: (0..<4).reversed().reduce(0) { $0 << 8 | UInt32(expected[start + $1]) })
        }
        #expect(signal.count == 2 * (song.count + 44_100))
        #expect(Self.likeness(Array(signal[..<(2 * song.count)]), song.samples.map { Float($0) / 32_768 }) > 100)
        #expect(Self.likeness(Array(signal[(2 * song.count)...].prefix(oracle.count)), oracle) > 40)
    }

    @Test("An ADTS stream whose channels or rate change is one track")
    func adts() throws {
        let files = try [(44_100, 2, 2.0), (48_000, 2, 1.0), (44_100, 1, 1.0)].map { rate, channels, seconds in
            try Tools.ffmpeg(Music(seconds: seconds, sampleRate: rate, channels: channels).wav, ["-c:a", "aac"], to: "a.aac")
        }
        let alone = try files.map { try Sound(ingesting: $0).map.samples }
        let sound = try Sound(ingesting: files.reduce([], +))
        #expect(sound.map.parts.map(\.samples) == alone)
        #expect(sound.map.samples == alone[0] + (alone[1] * 44_100 + 47_999) / 48_000 + alone[2])
        try Self.check(sound, decibels: 15)
    }

    @Test("Loudness, silence and the waveform are the whole track's")
    func measures() throws {
        func tone(_ formula: String, _ rate: Int) throws -> [UInt8] {
            try Tools.ffmpeg(
                Music(seconds: 0.1).wav, ["-map", "0", "-c:a", "flac"], to: "a.ogg",
                inputOptions: ["-f", "lavfi", "-i", "aevalsrc=\(formula):s=\(rate):d=4"])
        }
        let level = "0.070794578*sin(2*PI*1000*t)"
        let late = "if(lt(t\\,1)\\,0\\,\(level))"
        let files = try [tone("\(late)|\(late)", 48_000), tone("\(level)|\(level)", 44_100), tone("0", 22_050)]
        let (map, measures) = try Sound(ingesting: files.reduce([], +)).found
        let loudness = try #require(measures.loudness)
        #expect(abs(loudness.integrated + 23) < 0.3)
        #expect(abs(loudness.truePeak + 23) < 0.2)
        #expect(map.source.sampleRate == 48_000)
        #expect(abs(measures.leadingSilence - 48_000) < 10)
        #expect(abs(measures.trailingSilence - 4 * 48_000) < 20)
        #expect(measures.waveform.count == 1000)
        #expect(measures.waveform[40] == 0 && measures.waveform[300] == 18 && measures.waveform[600] == 18)
        #expect(measures.waveform[700] == 0)
    }

    @Test("A chain of thousands of tiny links is bounded, and says what it leaves out")
    func manyLinks() throws {
        let link = try Self.ogg("libopus", seconds: 0.02, rate: 48_000, channels: 1)
        let thousand = try Sound(ingesting: (0..<1000).flatMap { _ in link })
        #expect(thousand.map.parts.count == 1000)
        #expect(thousand.map.samples == 1000 * 960)
        #expect(thousand.measures.warnings.count == 1)
        let grid = try thousand.grid("opus-24")
        var renderer = Renderer()
        #expect(try thousand.render(grid, 0, with: &renderer).count == grid.byteCount(ofChunk: 0))
        let (more, moreMeasures) = try Sound(ingesting: (0..<(TrackPart.limit + 100)).flatMap { _ in link }).found
        #expect(more.parts.count == TrackPart.limit)
        #expect(moreMeasures.warnings.contains(SoundFile.moreParts))
    }

    @Test("A link that cannot be decoded is left out, with a warning")
    func damagedLink() throws {
        let (one, two) = (try Self.ogg("libvorbis", seconds: 1), try Self.ogg("libvorbis", seconds: 1.5))
        var broken = two
        for index in 200..<3000 { broken[index] = 0x55 }
        let (map, measures) = try Sound(ingesting: one + broken + two).found
        #expect(map.samples >= 44_100 * 5 / 2)
        #expect(measures.warnings.count >= 1)
        let theora = Array(two.prefix(28)) + [0x80] + Array("theora".utf8) + [UInt8](repeating: 0, count: 23)
        #expect(try Sound(ingesting: one + theora).map.samples == 44_100)
    }

    @Test("Mutants of chained files are refused or played, and never trap", arguments: 0..<40 as Range<UInt64>)
    func mutants(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var file = Self.seeds[Int(seed) % Self.seeds.count]
        for _ in 0..<Int.random(in: 1...8, using: &generator) {
            let place = file.indices.randomElement(using: &generator) ?? 0
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: file.removeSubrange(place..<min(file.count, place + Int.random(in: 1...3000, using: &generator)))
            case 1:
                let piece = Array(file[place..<min(file.count, place + Int.random(in: 1...3000, using: &generator))])
                file.insert(contentsOf: piece, at: file.indices.randomElement(using: &generator) ?? 0)
            default:
                for index in place..<min(file.count, place + Int.random(in: 1...40, using: &generator)) {
                    file[index] = .random(in: 0...255, using: &generator)
                }
            }
        }
        guard let sound = try? Sound(ingesting: file) else { return }
        #expect(try TrackMap(decoding: sound.map.encoded()) == sound.map)
        let grid = try sound.grid("opus-24")
        _ = try sound.render(grid)
    }

    static let seeds: [[UInt8]] = {
        let made = try? [
            ogg("libvorbis", seconds: 0.6) + ogg("libvorbis", seconds: 0.3, rate: 22_050, channels: 1)
                + ogg("libvorbis", seconds: 0.4),
            ogg("libopus", seconds: 0.5) + ogg("flac", seconds: 0.3) + ogg("libopus", seconds: 0.2, channels: 1),
            mp3(seconds: 0.4) + mp3(seconds: 0.3, rate: 22_050) + mp3(seconds: 0.4, channels: 1) + mp3(seconds: 0.3)
        ]
        return made ?? [[]]
    }()

    @Test(
        "The reported chained files are played in whole", .enabled(if: FileManager.default.fileExists(atPath: "../shared/cases")),
        arguments: [("chain.opus", 206_400), ("chain-diff.ogg", 220_800), ("22short-44.mp3", 80_000)])
    func cases(name: String, samples: Int) throws {
        let file = Array(try Data(contentsOf: URL(fileURLWithPath: "../shared/cases/\(name)")))
        let sound = try Sound(ingesting: file)
        #expect(sound.map.parts.count == 2)
        #expect(sound.map.samples == samples)
        try Self.check(sound, decibels: 25)
    }
}
