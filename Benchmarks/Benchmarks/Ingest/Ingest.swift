import Audio
import Benchmark
import Codec
import LoopWork
import Yardstick

/// All of ingest, once for a file of 24 s: demux, decode, loudness, waveform, eight places decoded again.
let benchmarks: @Sendable () -> Void = {
    quietLibraries()
    Benchmark.defaultConfiguration = .init(
        metrics: [.wallClock, relativeCost], warmupIterations: 1, maxDuration: .seconds(1), maxIterations: 12)
    for format in ["FLAC", "MP3", "AAC", "Vorbis", "Opus", "ALAC", "WAV"] {
        let music = Music(format)
        Benchmark(format) { benchmark in benchmark.compare(share: 0.1) { blackHole(ingest(music.path).0.samples) } }
    }
}
