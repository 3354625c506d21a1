// swift-tools-version: 6.2
import PackageDescription

let benchmark = Target.Dependency.product(name: "Benchmark", package: "benchmark")
let codec = Target.Dependency.product(name: "Codec", package: "sweetspot")
let streaming = Target.Dependency.product(name: "Streaming", package: "sweetspot")
let taste = Target.Dependency.product(name: "Taste", package: "sweetspot")

/// A suite of ordo-one/benchmark, in `Benchmarks/NAME`. The plugin of that package passes over a target whose folder is not in a folder
/// named `Benchmarks`.
func suite(_ name: String, folder: String? = nil, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(
        name: name, dependencies: [benchmark, "Yardstick"] + dependencies, path: "Benchmarks/\(folder ?? name)",
        plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")])
}

let package = Package(
    name: "Benchmarks",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(name: "sweetspot", path: "../"),
        .package(url: "https://github.com/ordo-one/benchmark.git", from: "1.38.1", traits: []),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift.git", from: "0.2.0"),
        .package(url: "https://github.com/swift-server/async-http-client.git", from: "1.37.0"),
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-metrics.git", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2")
    ],
    targets: [
        // The floor under the codec loop, in C.
        .target(
            name: "CFloor",
            cSettings: [.unsafeFlags(["-O2"])],
            linkerSettings: ["avformat", "avcodec", "swresample", "avutil", "mp3lame", "opus"].map { .linkedLibrary($0) }),
        .executableTarget(name: "floor", dependencies: ["CFloor"]),
        // A sound in the chunks of a rung at any effort.
        .executableTarget(name: "effort", dependencies: ["CFloor"]),
        // The codec loop alone, for callgrind and for counting allocations.
        .executableTarget(name: "loop", dependencies: ["CFloor", "LoopWork", codec, streaming]),
        // Files, maps and jobs for whoever runs the loop.
        .target(name: "LoopWork", dependencies: ["CFloor", codec, streaming]),
        // Quality and speed of suggestions.
        .executableTarget(name: "measure-taste", dependencies: [taste]),
        .executableTarget(
            name: "sweetspot-load",
            dependencies: [
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Histogram", package: "hdrhistogram-swift"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio")
            ]),
        .target(name: "Yardstick", dependencies: [benchmark]),
        suite("CodecLoop", ["CFloor", "LoopWork", codec, streaming]),
        suite("Ingest", ["LoopWork", codec, streaming]),
        suite("PackagingSuite", folder: "Packaging", ["LoopWork", codec, streaming]),
        suite(
            "ChunkStore",
            [
                streaming, .product(name: "Metrics", package: "swift-metrics"), .product(name: "NIOCore", package: "swift-nio")
            ]),
        suite("Ranges", ["LoopWork", codec, streaming])
    ],
    swiftLanguageModes: [.v6]
)
