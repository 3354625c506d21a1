import Audio
import Packaging
import TestSupport
import Testing

@Suite("A Stream's layout is arithmetic", .tags(.packaging))
struct StreamLayoutTests {
    static let rates = [8_000, 11_025, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 88_200, 96_000, 192_000]

    /// Track lengths at which a Stream has one chunk, one just full, one begun, and some.
    private static func lengths(_ rendition: Rendition, rate: Int) -> [Int] {
        let source = SourceFormat(codec: .flac, sampleRate: rate, channels: 2)
        guard let grid = FrameGrid(rendition, source: source, samples: 1) else { return [] }
        let chunk = grid.framesPerChunk * grid.samplesPerFrame * rate / grid.output.sampleRate
        return [1, 2, rate / 3, chunk - 1152 * rate / grid.output.sampleRate, chunk - 1, chunk, chunk + 1, 3 * chunk + 977]
    }

    @Test(
        "Header and chunks follow each other without a gap up to the length",
        arguments: Rendition.all.filter(\.ladder.isProgressive), rates)
    func partition(rendition: Rendition, rate: Int) throws {
        let original = try #require(OriginalHash(bytes: Array(repeating: 7, count: 32)))
        for channels in [1, 2, 6] {
            let source = SourceFormat(codec: .flac, sampleRate: rate, channels: channels)
            for samples in Self.lengths(rendition, rate: rate) {
                guard let grid = FrameGrid(rendition, source: source, samples: samples) else { continue }
                let layout = try #require(StreamLayout(grid: grid, tags: TrackTags(title: "Tune"), original: original))
                var end = layout.header.count
                for chunk in 0..<grid.chunkCount {
                    let range = layout.byteRange(ofChunk: chunk)
                    #expect(range.lowerBound == end && !range.isEmpty)
                    end = range.upperBound
                }
                #expect(end == layout.length)
                #expect(layout.byteRange(ofChunk: grid.chunkCount).isEmpty)
                #expect(layout.byteRange(ofChunk: -1).isEmpty)
            }
        }
    }

    @Test(
        "Chunks covering a range are those whose bytes it touches",
        arguments: ["mp3-48", "mp3-320", "opus-24", "opus-160", "aac-32", "aac-160"])
    func covering(name: String) throws {
        let stream = try MadeStream(name, samples: 700_001)
        let layout = stream.layout
        let chunkRanges = (0..<layout.grid.chunkCount).map(layout.byteRange(ofChunk:))
        var generator = SeededGenerator(seed: 1)
        let edges = [0, 1, layout.header.count, layout.length] + chunkRanges.flatMap { [$0.lowerBound, $0.upperBound] }
        for _ in 0..<2000 {
            let ends = (0..<2).map { _ in
                Bool.random(using: &generator)
                    ? Int.random(in: 0...layout.length, using: &generator)
                    : (edges.randomElement(using: &generator) ?? 0) + Int.random(in: -1...1, using: &generator)
            }
            let range = (ends.min() ?? 0)..<(ends.max() ?? 0)
            let touched = chunkRanges.indices.filter { chunkRanges[$0].overlaps(range) }
            #expect(Array(layout.chunks(covering: range)) == touched, "\(range)")
        }
        #expect(layout.chunks(covering: 0..<layout.header.count).isEmpty)
        #expect(layout.chunks(covering: 0..<Int.max) == 0..<layout.grid.chunkCount)
    }

    @Test(
        "Pieces of any size from frames that arrive bit by bit make the whole",
        arguments: ["mp3-64", "mp3-128", "opus-32", "opus-160", "aac-96"],
        [1, 61_000, 131_000, 300_123])
    func pieces(name: String, samples: Int) throws {
        let stream = try MadeStream(name, samples: samples)
        let whole = stream.bytes
        #expect(whole.count == stream.layout.length)
        var generator = SeededGenerator(seed: 2)
        var assembled = stream.layout.header
        for (chunk, frames) in stream.chunks.enumerated() {
            var sent = 0
            var ready = 0
            while sent < stream.layout.byteRange(ofChunk: chunk).count {
                ready = min(frames.count, ready + Int.random(in: 0...9000, using: &generator))
                let piece = stream.streamBytes(ofChunk: chunk, ready: ready, from: sent)
                let taken = piece.prefix(Int.random(in: 0...piece.count, using: &generator))
                assembled += taken
                sent += taken.count
            }
            #expect(stream.streamBytes(ofChunk: chunk, from: sent).isEmpty)
        }
        #expect(assembled == whole)
    }

    @Test("Any slice of a chunk equals that slice of the whole chunk", arguments: ["mp3-96", "opus-48", "opus-128", "aac-64"])
    func slices(name: String) throws {
        let stream = try MadeStream(name, rate: 48_000, samples: 200_000)
        var generator = SeededGenerator(seed: 3)
        for chunk in stream.chunks.indices {
            let whole = stream.streamBytes(ofChunk: chunk)
            for _ in 0..<40 {
                let offset = Int.random(in: 0...whole.count, using: &generator)
                #expect(stream.streamBytes(ofChunk: chunk, from: offset) == Array(whole[offset...]))
            }
        }
    }

    @Test("Frames that are ready are not held back longer than their page", arguments: ["mp3-128", "opus-64"])
    func promptness(name: String) throws {
        let stream = try MadeStream(name, samples: 400_000)
        let frames = stream.chunks[0]
        for ready in stride(from: 0, through: frames.count, by: 997) {
            let bytes = stream.streamBytes(ofChunk: 0, ready: ready)
            let page = stream.layout.isPassthrough(chunk: 0) ? 1 : 25 * stream.grid.opusPacketBytes
            #expect(bytes.count >= ready / page * page)
            #expect(stream.layout.isPassthrough(chunk: 0) == (bytes == Array(frames.prefix(ready))) || ready < page)
        }
    }

    @Test("Offsets and chunks outside the Stream, and frames beyond a chunk, give nothing")
    func outside() throws {
        for name in ["mp3-128", "opus-64", "aac-64"] {
            let stream = try MadeStream(name, samples: 200_000)
            let frames = stream.chunks[0] + stream.chunks[0]
            let whole = stream.streamBytes(ofChunk: 0)
            #expect(stream.layout.streamBytes(ofChunk: 0, frames: frames.span.bytes, from: 0) == whole)
            for offset in [-1, whole.count, .max] {
                #expect(stream.layout.streamBytes(ofChunk: 0, frames: frames.span.bytes, from: offset).isEmpty)
            }
            for chunk in [-1, stream.chunks.count, .max] {
                #expect(stream.layout.streamBytes(ofChunk: chunk, frames: frames.span.bytes, from: 0).isEmpty)
            }
        }
    }

    @Test(
        "The header region has one size whatever the tags say", arguments: ["mp3-48", "mp3-128", "opus-24", "opus-160", "aac-96"])
    func constantHeader(name: String) throws {
        let long = String(repeating: "Ω≈ç√∫˜µ≤", count: 400)
        let tags = [
            TrackTags(),
            TrackTags(title: "a", artist: "b", albumArtist: "c", album: "d", track: 1, disc: 2, year: 1999, genres: ["e"]),
            TrackTags(
                title: long, artist: long, albumArtist: long, album: long, track: .max, disc: .max, year: .max, genres: [long]),
            TrackTags(title: "", track: -1, disc: .min, year: -5)
        ]
        let sizes = try tags.map { try MadeStream(name, samples: 9, tags: $0).layout.header.count }
        #expect(Set(sizes).count == 1)
        let opus = try MadeStream("opus-64", samples: 9, tags: tags[2]).layout
        #expect(opus.header.count == 1024)
    }
}
