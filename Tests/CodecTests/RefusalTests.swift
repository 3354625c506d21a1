import Audio
import Foundation
import TestSupport
import Testing

@testable import Codec

@Suite("Ingest refuses a file without sound, and keeps the sound of a damaged one", .tags(.codec))
struct RefusalTests {
    static let foreign: [(String, [UInt8])] = [
        ("empty", []),
        ("text", Array("It was a dark and stormy night; the rain fell in torrents.\n".utf8)),
        ("playlist", Array("#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/passwd\n".utf8)),
        ("concat", Array("ffconcat version 1.0\nfile /etc/passwd\n".utf8)),
        ("html", Array("<!DOCTYPE html><html><body>Hi</body></html>".utf8)),
        ("zip", Array("PK\u{3}\u{4}".utf8) + [UInt8](repeating: 0, count: 500)),
        ("png", [0x89] + Array("PNG\r\n\u{1A}\n".utf8) + [UInt8](repeating: 1, count: 500)),
        ("zeros", [UInt8](repeating: 0, count: 5000)),
        ("sync bytes", [UInt8](repeating: 0xFF, count: 5000)),
        ("avi", Array("RIFF".utf8) + [9, 9, 9, 9] + Array("AVI LIST".utf8)),
        ("ogg of something else", Array("OggS".utf8) + [UInt8](repeating: 0, count: 500))
    ]

    @Test("A file of no audio format is refused with a reason", arguments: foreign.map(\.0))
    func unsupported(_ name: String) throws {
        let file = try #require(Self.foreign.first { $0.0 == name }).1
        let run = IngestRun(file)
        let refusal = try #require(run.refusal)
        #expect(refusal.kind == .unsupportedFormat)
        #expect(refusal.reason.count > 10 && !refusal.reason.hasSuffix("."))
        #expect(run.packetBytes.isEmpty)
    }

    @Test(
        "MPEG audio that is not taken is refused by its name",
        arguments: [
            (0xFB as UInt8, 0x04 as UInt8, 6000, "free-format"), (0xFD, 0x84, 413, "layer II"), (0xFF, 0x84, 413, "layer I;")
        ])
    func untaken(second: UInt8, third: UInt8, body: Int, name: String) throws {
        let frame = [0xFF, second, third, 0x64] + [UInt8](repeating: 0, count: body)
        let refusal = try #require(IngestRun(Array((0..<20).map { _ in frame }.joined())).refusal)
        #expect(refusal.kind == .unsupportedFormat)
        #expect(refusal.reason.contains(name))
    }

    @Test("MP3 frames inside a ZIP archive are no MP3")
    func archive() throws {
        let mp3 = try Tools.ffmpeg(Music(seconds: 1).wav, ["-id3v2_version", "0"], to: "a.mp3")
        #expect(
            IngestRun(Array("PK\u{3}\u{4}".utf8) + [UInt8](repeating: 0, count: 40) + mp3).refusal?.kind == .unsupportedFormat)
    }

    @Test("A file beyond the bounds of rate, channels or codec is refused")
    func bounds() throws {
        var wav = Music(seconds: 0.2).wav
        wav.replaceSubrange(24..<28, with: [0x80, 0x84, 0x1E, 0])
        #expect(IngestRun(wav).refusal?.kind == .tooLarge)
        #expect(IngestRun(Music(seconds: 0.2, channels: 9).wav).refusal?.kind == .tooLarge)
        let adpcm = try Tools.ffmpeg(Music(seconds: 0.2).wav, ["-c:a", "adpcm_ms"], to: "a.wav")
        #expect(IngestRun(adpcm).refusal?.kind == .unsupportedFormat)
    }

    static let formats = ["a.wav", "a.aiff", "a.flac", "a.mp3", "a.m4a", "a.aac", "a.ogg", "b.ogg"]

    private static func arguments(for name: String) -> [String] {
        switch name {
        case "a.ogg": ["-c:a", "libvorbis"]
        case "b.ogg": ["-c:a", "libopus"]
        default: []
        }
    }

    @Test("A file cut anywhere is refused, or is the sound up to the cut with a warning", arguments: formats)
    func cut(_ name: String) throws {
        let arguments = Self.arguments(for: name)
        let file = try Tools.ffmpeg(Music(seconds: 12).wav, arguments + ["-movflags", "+faststart"], to: name)
        let whole = try Sound(ingesting: file).map
        for tenth in [1, 3, 5, 9] {
            let part = Array(file[..<(file.count * tenth / 10)])
            let run = IngestRun(part)
            switch run.verdict {
            case .failure(let refusal): #expect(tenth < 3, "\(tenth)/10: \(refusal.reason)")
            case .success(let map):
                #expect(map.samples < whole.samples)
                #expect(map.samples + 8192 >= whole.samples * tenth / 10 * 7 / 10, "\(tenth)/10")
                // Raw ADTS has no header to tell that anything is missing, unless the cut goes through a frame.
                if name != "a.aac" { #expect(try !run.found.measures.warnings.isEmpty, "\(tenth)/10") }
                let sound = try Sound(ingesting: part)
                let grid = try sound.grid("opus-24")
                var renderer = Renderer()
                let last = grid.chunkCount - 1
                #expect(try sound.render(grid, last, with: &renderer).count == grid.byteCount(ofChunk: last))
            }
        }
    }

    @Test("Damage in the middle keeps the sound on both sides and every length exact", arguments: formats)
    func damage(_ name: String) throws {
        let arguments = Self.arguments(for: name)
        var file = try Tools.ffmpeg(Music(seconds: 8).wav, arguments + ["-movflags", "+faststart"], to: name)
        var seed: UInt32 = 5
        for index in (file.count / 2)..<(file.count / 2 + 3000) {
            seed = seed &* 1_664_525 &+ 1_013_904_223
            file[index] = UInt8(truncatingIfNeeded: seed >> 24)
        }
        let sound = try Sound(ingesting: file)
        #expect(sound.map.samples > 5 * sound.map.source.sampleRate)
        for name in ["mp3-128", "opus-64"] {
            let grid = try sound.grid(name)
            #expect(try sound.render(grid).count == (0..<grid.chunkCount).reduce(0) { $0 + grid.byteCount(ofChunk: $1) })
        }
    }
}
