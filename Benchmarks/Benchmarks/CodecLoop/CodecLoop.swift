import Audio
import Benchmark
import CFloor
import Codec
import LoopWork
import Yardstick

/// Every rung from FLAC, and one of each ladder from the formats people own, each chunk beside the C floor's.
let benchmarks: @Sendable () -> Void = {
    quietLibraries()
    let perFrame = BenchmarkMetric.custom("CPU ns a frame", polarity: .prefersSmaller, useScalingFactor: false)
    let speed = BenchmarkMetric.custom("times real time", polarity: .prefersLarger, useScalingFactor: false)
    let toFloor = BenchmarkMetric.custom("per mille of the C floor", polarity: .prefersSmaller, useScalingFactor: false)
    let common: [BenchmarkMetric] = [.wallClock, perFrame, speed]
    Benchmark.defaultConfiguration = .init(metrics: common, warmupIterations: 1, maxDuration: .seconds(1), maxIterations: 30)
    let middle = ["mp3-96", "mp3-128", "opus-64", "aac-96"].compactMap { Rendition(named: $0) }
    for format in ["FLAC", "MP3", "AAC", "Vorbis"] {
        let music = Music(format)
        for rung in format == "FLAC" ? Rendition.all : middle where music.map.offers(rung) {
            // The second chunk: the first has no pre-roll.
            guard let (job, packets) = jobs(music.map, music.bytes, rung, chunks: 2, half: false).last else { continue }
            let seconds = Double(job.frames * job.samplesPerFrame) / Double(job.output.sampleRate)
            let metrics = common + [rung.ladder == .flac ? relativeCost : toFloor]
            Benchmark("\(format) to \(rung.name)", configuration: .init(metrics: metrics)) { benchmark in
                var renderer = Renderer()
                // Whatever is kept from chunk to chunk is made outside.
                try? renderer.render(job, packets: packets.span.bytes) { _ in }
                guard rung.ladder != .flac else {
                    benchmark.compare { try? renderer.render(job, packets: packets.span.bytes) { blackHole($0.byteCount) } }
                    return
                }
                var start = processorSeconds()
                benchmark.startMeasurement()
                try? renderer.render(job, packets: packets.span.bytes) { blackHole($0.byteCount) }
                benchmark.stopMeasurement()
                let ours = processorSeconds() - start
                benchmark.measurement(perFrame, Int(ours * 1e9 / Double(job.frames)))
                benchmark.measurement(speed, Int(seconds / ours))
                let floor = floor_open()
                defer { floor_close(floor) }
                var out = [UInt8](repeating: 0, count: 1 << 20)
                job.withFloorJob(isBare: false) { job in
                    var job = job
                    blackHole(floor_render(floor, &job, packets, &out, out.count))
                    start = processorSeconds()
                    blackHole(floor_render(floor, &job, packets, &out, out.count))
                }
                benchmark.measurement(toFloor, Int(1000 * ours / (processorSeconds() - start)))
            }
        }
    }
}
