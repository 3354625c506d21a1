import Audio
import Foundation
import TestSupport
import Testing

@testable import Codec

@Suite("Ingest describes a file", .tags(.codec, .oracle))
struct IngestTests {
    struct File: Sendable, CustomTestStringConvertible {
        let arguments: [String]
        let name: String
        let container: String
        let codec: SourceCodec
        var packetFile = false
        /// Whether the format can say where the sound begins and ends.
        var isExact = true
        var testDescription: String { "\(name) \(codec)" }
    }

    static let files = [
        File(arguments: [], name: "a.wav", container: "wav", codec: .pcmS16LE),
        File(arguments: ["-c:a", "pcm_f32le", "-rf64", "always"], name: "b.wav", container: "wav", codec: .pcmF32LE),
        File(arguments: ["-c:a", "pcm_s24be"], name: "a.aiff", container: "aiff", codec: .pcmS24BE),
        File(arguments: [], name: "a.flac", container: "flac", codec: .flac),
        File(arguments: ["-q:a", "4"], name: "a.mp3", container: "mp3", codec: .mp3),
        File(arguments: ["-b:a", "48k", "-ar", "22050"], name: "b.mp3", container: "mp3", codec: .mp3),
        File(arguments: ["-c:a", "aac"], name: "a.m4a", container: "mp4", codec: .aac),
        File(arguments: ["-c:a", "alac"], name: "b.m4a", container: "mp4", codec: .alac),
        File(arguments: ["-c:a", "aac"], name: "a.aac", container: "adts", codec: .aac, isExact: false),
        File(arguments: ["-c:a", "libvorbis"], name: "a.ogg", container: "ogg", codec: .vorbis, packetFile: true),
        File(arguments: ["-c:a", "libopus", "-ar", "48000"], name: "b.ogg", container: "ogg", codec: .opus, packetFile: true),
        File(arguments: ["-c:a", "flac"], name: "c.ogg", container: "ogg", codec: .flac, packetFile: true)
    ]

    @Test("Ingest finds the format, the exact length and the place of the packets", arguments: files)
    func formats(_ file: File) throws {
        let rate = file.codec == .opus ? 48_000 : file.arguments.contains("22050") ? 22_050 : 44_100
        let music = Music(seconds: 3.21, sampleRate: rate)
        let bytes = try Tools.ffmpeg(music.wav, file.arguments, to: file.name)
        let run = IngestRun(bytes)
        let (map, measures) = try run.found
        #expect(map.container == file.container)
        #expect(map.source.codec == file.codec)
        #expect(map.source.sampleRate == rate)
        #expect(map.source.channels == 2)
        #expect(map.originalBytes == bytes.count)
        #expect(map.usesPacketFile == file.packetFile)
        #expect(measures.warnings == [])
        #expect(map.samples == (file.isExact ? music.count : try Tools.decodedSamples(bytes)))
        #expect(run.packetBytes.count == (file.packetFile ? map.packets.endOffset : 0))
        #expect(run.progress.last == bytes.count)
        #expect(try TrackMap(decoding: map.encoded()) == map)
    }

    @Test("Ingest reads the tags of every kind of container", arguments: ["a.mp3", "a.flac", "a.m4a", "a.ogg"])
    func tags(_ name: String) throws {
        let tags = [
            "title=  A \u{7}title  ", "artist=Ärtist", "album_artist=Band", "album=Long \(String(repeating: "x", count: 2000))",
            "track=3/12", "disc=2/2", "date=2004-05-01", "genre=Rock; Folk"
        ]
        let arguments = tags.flatMap { ["-metadata", $0] } + (name == "a.ogg" ? ["-c:a", "libvorbis"] : [])
        let map = try Sound(ingesting: try Tools.ffmpeg(Music(seconds: 0.5).wav, arguments, to: name)).map
        #expect(map.tags.title == "A title")
        #expect(map.tags.artist == "Ärtist")
        #expect(map.tags.albumArtist == "Band")
        #expect(map.tags.album.count == 1024)
        #expect(map.tags.track == 3)
        #expect(map.tags.disc == 2)
        #expect(map.tags.year == 2004)
        #expect(map.tags.genres == ["Rock", "Folk"])
    }

    @Test("Sound among video goes to a packet file")
    func video() throws {
        let arguments = [
            "-f", "lavfi", "-i", "testsrc2=s=640x480", "-map", "0:a", "-map", "1:v", "-c:v", "mpeg4", "-q:v", "2", "-shortest"
        ]
        let file = try Tools.ffmpeg(Music(seconds: 4).wav, arguments + ["-c:a", "alac"], to: "a.mp4")
        let sound = try Sound(ingesting: file)
        #expect(sound.map.usesPacketFile)
        #expect(sound.store.count == sound.map.packets.endOffset)
        #expect(sound.map.samples == 4 * 44_100)
        let plain = Music(seconds: 4).sound
        #expect(try sound.continuousSignal(try sound.grid("mp3-128")) == plain.continuousSignal(try plain.grid("mp3-128")))
    }

    @Test("Junk and an ID3 tag in front of the sound are stepped over")
    func junk() throws {
        let file = try Tools.ffmpeg(Music(seconds: 1).wav, ["-id3v2_version", "3", "-metadata", "title=T"], to: "a.mp3")
        let length = try Sound(ingesting: file).map.samples
        #expect(length == 44_100)
        let junk = (0..<5000).map { UInt8(truncatingIfNeeded: $0 &* 7 % 251) }
        let bare = try Tools.ffmpeg(Music(seconds: 1).wav, ["-id3v2_version", "0", "-write_xing", "0"], to: "a.mp3")
        #expect(try Sound(ingesting: junk + bare).map.samples == Sound(ingesting: bare).map.samples)
        let flac = try Tools.ffmpeg(Music(seconds: 1).wav, [], to: "a.flac")
        let tag = Array("ID3".utf8) + [4, 0, 0, 0, 0, 1, 0] + [UInt8](repeating: 0, count: 128)
        let map = try Sound(ingesting: tag + flac).map
        #expect(map.container == "flac")
        #expect(map.samples == 44_100)
    }
}
