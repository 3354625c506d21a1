// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "Benchmarks",
    targets: [
        .executableTarget(
            name: "floor",
            cSettings: [.unsafeFlags(["-O2"])],
            linkerSettings: ["avformat", "avcodec", "swresample", "avutil", "mp3lame", "opus"].map { .linkedLibrary($0) })
    ]
)
