import Audio
import Packaging
import TestSupport
import Testing

@Suite("A Stream that leaves out its beginning", .tags(.packaging))
struct StreamCutTests {
    private static let names = ["mp3-48", "mp3-64", "mp3-96", "mp3-128", "mp3-320", "opus-24", "opus-96", "aac-96"]
    /// Those that a short run cuts a sample before and behind each place too, one of each ladder.
    private static let closely = ["mp3-128", "opus-96", "aac-96"]
    private static let samples = 700_001

    /// Places at and around the boundaries of frames, pages and chunks, in output samples.
    private static func starts(_ grid: FrameGrid) -> [Int] {
        let (frame, chunk) = (grid.samplesPerFrame, grid.samplesPerFrame * grid.framesPerChunk)
        let places = [
            1, 2, frame, 3 * frame, 4 * frame - 1105, 7 * frame, 23_688, 24_000, 48_000, chunk, 2 * chunk, chunk + 4 * frame
        ]
        let isClose = Program.isLong || closely.contains(grid.rendition.name)
        let all = places.flatMap { isClose ? [$0 - 1, $0, $0 + 1] : [$0] } + [grid.outputSamples - 1, grid.outputSamples - frame]
        return all.filter { (1..<grid.outputSamples).contains($0) }
    }

    @Test("Header and chunks follow each other up to the length, and pieces of any size make the whole", arguments: names)
    func partition(name: String) throws {
        let whole = try MadeStream(name, samples: Self.samples)
        var generator = SeededGenerator(seed: 4)
        for start in Self.starts(whole.grid) {
            let stream = try MadeStream(name, samples: Self.samples, from: start)
            let layout = stream.layout
            // AAC's header counts the chunks.
            let isAAC = whole.grid.rendition.ladder == .aac
            #expect(layout.header.count == whole.layout.header.count || isAAC && layout.header.count < whole.layout.header.count)
            #expect(layout.length <= whole.layout.length)
            var end = layout.header.count
            for chunk in stream.chunks.indices {
                let range = layout.byteRange(ofChunk: chunk)
                #expect(range.lowerBound == end)
                #expect(Array(layout.chunks(covering: range)) == (range.isEmpty ? [] : [chunk]))
                end = range.upperBound
                let bytes = stream.streamBytes(ofChunk: chunk)
                #expect(bytes.count == range.count)
                for _ in 0..<4 {
                    let offset = Int.random(in: 0...bytes.count, using: &generator)
                    #expect(stream.streamBytes(ofChunk: chunk, from: offset) == Array(bytes[offset...]))
                    let ready = Int.random(in: 0...stream.chunks[chunk].count, using: &generator)
                    #expect(bytes.starts(with: stream.streamBytes(ofChunk: chunk, ready: ready)))
                }
                // Served as it is, it is not changed.
                if layout.isPassthrough(chunk: chunk), !range.isEmpty { #expect(bytes == stream.chunks[chunk]) }
            }
            #expect(end == layout.length && stream.bytes.count == layout.length)
        }
    }

    @Test("Nothing is left out from 0 on, and no Stream begins at or behind the end", arguments: ["mp3-128", "opus-64"])
    func ends(name: String) throws {
        let whole = try MadeStream(name, samples: 100_000)
        #expect(try MadeStream(name, samples: 100_000, from: 0).bytes == whole.bytes)
        let original = try #require(OriginalHash(bytes: Array(0..<32)))
        for start in [-1, whole.grid.outputSamples, whole.grid.outputSamples + 1, .max] {
            #expect(StreamLayout(grid: whole.grid, tags: TrackTags(), original: original, from: start) == nil)
        }
    }

    @Test(
        "Ffmpeg decodes exactly the samples that are left, and has no complaint",
        .tags(.oracle), .enabled(if: areInstalled("ffmpeg", "ffprobe"), "needs ffmpeg"), arguments: names)
    func decodes(name: String) throws {
        let grid = try MadeStream(name, samples: Self.samples).grid
        let suffix = grid.rendition.ladder.progressive?.fileExtension ?? ""
        // FFmpeg follows no edit list of a file in fragments.
        for start in Self.starts(grid) where start < grid.outputSamples - 20_000 && suffix != "m4a" {
            let stream = try MadeStream(name, samples: Self.samples, from: start)
            let decoded = try Tool.decodedSamples(of: stream.bytes, extension: suffix, channels: grid.output.channels)
            #expect(decoded.count == grid.outputSamples - start, "from \(start)")
            #expect(decoded.complaints == "", "from \(start)")
        }
    }

    @Test("Pages count from the beginning, and the pre-skip has at least half a second where there is one", arguments: [24, 96])
    func pages(bitrate: Int) throws {
        let name = "opus-\(bitrate)"
        let whole = try MadeStream(name, samples: Self.samples)
        let first = try OggPageReader.pages(in: whole.bytes)[0].serial
        for start in Self.starts(whole.grid) {
            let stream = try MadeStream(name, samples: Self.samples, from: start)
            let pages = try OggPageReader.pages(in: stream.bytes)
            #expect(pages.map(\.sequence) == Array(pages.indices))
            #expect(pages.allSatisfy { $0.serial != first } && Set(pages.map(\.serial)).count == 1)
            let head = pages[0].packets[0]
            let preSkip = Int(head[10]) | Int(head[11]) << 8
            #expect(preSkip == start + 312 || preSkip >= 24_000)
            #expect(pages.last?.granule == preSkip + stream.grid.outputSamples - start)
            var packets = 0
            for page in pages.dropFirst(2).dropLast() {
                packets += page.packets.count
                #expect(page.granule == packets * 960)
            }
        }
    }
}
