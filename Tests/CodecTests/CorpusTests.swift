import Audio
import Foundation
import TestSupport
import Testing

@testable import Codec

@Suite(
    "Real music is taken in whole", .tags(.codec, .oracle, .slow),
    .enabled(if: Corpus.isThere, "SWEETSPOT_CORPUS names no folder"))
struct CorpusTests {
    static let music = Corpus.files(in: "music").map { URL(filePath: $0) }
    /// Files whose exact ends ffmpeg 5.1 does not know, with what it plays too much: it has no use for the padding that iTunSMPB
    /// names, does not read it in an MP3, and keeps what the first granule of an Ogg Vorbis file says is not sound (oggdec drops it).
    static let paddings = [
        "react-native-track-player-pure.m4a": 0x3C0, "react-native-track-player-soul_searching.mp3": 0x210 + 0xA20,
        "wesnoth-1.16-music-battle-epic.ogg": 128, "wesnoth-1.16-music-sad.ogg": 128
    ]

    @Test("Real music has its exact length, and renders", arguments: music)
    func length(_ url: URL) throws {
        let file = Array(try Data(contentsOf: url))
        let sound = try Sound(ingesting: file)
        #expect(sound.measures.warnings == [])
        #expect(sound.map.samples == (try Tools.decodedSamples(file)) - Self.paddings[url.lastPathComponent, default: 0])
        let grid = try sound.grid("mp3-128")
        var renderer = Renderer()
        for chunk in [0, grid.chunkCount / 2, grid.chunkCount - 1] {
            #expect(try sound.render(grid, chunk, with: &renderer).count == grid.byteCount(ofChunk: chunk))
        }
    }

    @Test("No broken file brings ingest down, and each that is accepted renders")
    func malformed() throws {
        let files = Corpus.files(in: "malformed").map { URL(filePath: $0) }
        #expect(files.count > 100)
        for url in files {
            let file = Array(try Data(contentsOf: url))
            let run = IngestRun(file)
            #expect(run.verdicts.count == 1, "\(url.lastPathComponent)")
            guard case .success(let map) = run.verdict else { continue }
            #expect(try TrackMap(decoding: map.encoded()) == map, "\(url.lastPathComponent)")
            let sound = try Sound(ingesting: file)
            let grid = try #require(Ladder.opus.rungs.first.flatMap { FrameGrid($0, source: map.source, samples: map.samples) })
            var renderer = Renderer()
            for chunk in Set([0, grid.chunkCount - 1]) {
                #expect(try sound.render(grid, chunk, with: &renderer).count == grid.byteCount(ofChunk: chunk))
            }
        }
    }
}
