import Audio
import Benchmark
import Codec
import LoopWork
import Packaging
import Yardstick

/// What a request costs besides the codec: layouts, pages, boxes, playlists, tags.
let benchmarks: @Sendable () -> Void = {
    quietLibraries()
    Benchmark.defaultConfiguration = .init(
        metrics: [.wallClock, relativeCost], warmupIterations: 2, maxDuration: .milliseconds(500),
        maxIterations: 40)
    let music = Music("FLAC")
    guard let original = OriginalHash(bytes: [UInt8](repeating: 7, count: 32)) else { fail("no hash") }
    func grid(_ name: String) -> FrameGrid {
        guard let rung = Rendition(named: name), let grid = FrameGrid(rung, source: music.map.source, samples: music.map.samples)
        else {
            fail("no grid of \(name)")
        }
        return grid
    }
    func chunk(_ name: String, _ number: Int) -> [UInt8] {
        guard let rung = Rendition(named: name) else { fail(name) }
        let work = jobs(music.map, music.bytes, rung, chunks: number + 1, half: false)[number]
        var renderer = Renderer()
        var bytes: [UInt8] = []
        try? renderer.render(work.0, packets: work.1.span.bytes) { piece in piece.withUnsafeBytes { bytes += $0 } }
        return bytes
    }
    for name in ["mp3-128", "opus-64"] {
        let grid = grid(name)
        Benchmark("stream layout, \(name)") { benchmark in
            benchmark.compare {
                for _ in 0..<1000 {
                    blackHole(StreamLayout(grid: grid, tags: music.map.tags, original: original)?.length)
                }
            }
        }
    }
    if let layout = StreamLayout(grid: grid("opus-64"), tags: music.map.tags, original: original) {
        let frames = chunk("opus-64", 1)
        Benchmark("Ogg pages of a chunk") { benchmark in
            benchmark.compare {
                for _ in 0..<100 {
                    blackHole(layout.streamBytes(ofChunk: 1, frames: frames.span.bytes, from: 0).count)
                }
            }
        }
    }
    for name in ["aac-96", "opus-64", "flac"] {
        guard let layout = SegmentLayout(grid: grid(name)) else { continue }
        let chunks = [chunk(name, 2), chunk(name, 3)]
        Benchmark("media segment, \(name)") { benchmark in
            benchmark.compare {
                for _ in 0..<100 {
                    let frames = name == "opus-64" ? [] : chunks.compactMap { EncodedFrames($0.span.bytes) }
                    blackHole(MediaSegment(layout, number: 1, frames: frames)?.length)
                    for (chunk, frames) in zip(chunks, frames) {
                        blackHole(MediaSegment.payload(ofChunk: chunk.span.bytes, frames).count)
                    }
                }
            }
        }
        Benchmark("init section, \(name)") { benchmark in
            benchmark.compare {
                for _ in 0..<1000 { blackHole(InitSection.bytes(layout).count) }
            }
        }
    }
    let variants = ["aac-64", "aac-96", "aac-128", "aac-160", "aac-256"].compactMap { name in
        SegmentLayout(grid: grid(name)).map { PlaylistVariant($0, of: music.map, query: "v=01234567") }
    }
    Benchmark("master playlist") { benchmark in
        benchmark.compare {
            for _ in 0..<1000 { blackHole(HLSPlaylist.master(variants).utf8.count) }
        }
    }
    Benchmark("media playlist") { benchmark in
        benchmark.compare {
            for _ in 0..<1000 { blackHole(HLSPlaylist.media(variants[0]).utf8.count) }
        }
    }
    Benchmark("MPD") { benchmark in
        benchmark.compare {
            for _ in 0..<100 { blackHole(DASHManifest.mpd(variants, base: "../").utf8.count) }
        }
    }
}
