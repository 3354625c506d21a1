import Audio
import Benchmark
import Codec
import LoopWork
import Packaging
import Yardstick

/// From a `Range` field to the chunks that cover it.
let benchmarks: @Sendable () -> Void = {
    quietLibraries()
    Benchmark.defaultConfiguration = .init(
        metrics: [.wallClock, relativeCost], warmupIterations: 2, maxDuration: .milliseconds(500),
        maxIterations: 40)
    let headers = [
        "first bytes": "bytes=0-99", "open": "bytes=1000000-", "suffix": "bytes=-65536", "several": "bytes=0-1,5-6,9-",
        "hostile": "bytes=" + String(repeating: "9", count: 4000) + "-" + String(repeating: ",", count: 4000)
    ]
    for (name, header) in headers.sorted(by: { $0.key < $1.key }) {
        Benchmark("parse, \(name)") { benchmark in
            benchmark.compare {
                for _ in 0..<1000 { blackHole(RequestedRange.parse(header, length: 2_561_650)) }
            }
        }
    }
    let music = Music("FLAC")
    guard let original = OriginalHash(bytes: [UInt8](repeating: 7, count: 32)) else { fail("no hash") }
    for name in ["mp3-128", "opus-64"] {
        guard let rung = Rendition(named: name), let grid = FrameGrid(rung, source: music.map.source, samples: music.map.samples),
            let layout = StreamLayout(grid: grid, tags: music.map.tags, original: original)
        else { continue }
        Benchmark("chunks of 64 KiB, \(name)") { benchmark in
            benchmark.compare {
                for step in 0..<1000 {
                    let start = step * 97 % (layout.length - 65_536)
                    for chunk in layout.chunks(covering: start..<start + 65_536) { blackHole(layout.byteRange(ofChunk: chunk)) }
                }
            }
        }
    }
}
