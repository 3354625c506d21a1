// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "sweetspot",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "sweetspot", targets: ["sweetspot"]),
        .executable(name: "sweetspot-codec", targets: ["sweetspot-codec"]),
        .library(name: "Codec", targets: ["Codec"]),
        // For Benchmarks/.
        .library(name: "Streaming", targets: ["Audio", "CodecProcess", "Originals", "Packaging", "Streaming"]),
        .library(name: "Taste", targets: ["Taste"])
    ],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.1"),
        .package(url: "https://github.com/groue/GRDB.swift.git", from: "7.10.0"),
        .package(url: "https://github.com/swift-server/async-http-client.git", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-configuration.git", from: "1.4.0", traits: ["YAML"]),
        .package(url: "https://github.com/apple/swift-collections.git", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types.git", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics.git", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras.git", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-system.git", from: "1.8.1"),
        // What swift-configuration reads YAML with.
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2")
    ],
    targets: [
        .systemLibrary(
            name: "CFFmpeg", pkgConfig: "libavformat",
            providers: [.apt(["libavformat-dev", "libavcodec-dev", "libswresample-dev", "libswscale-dev"])]),
        .systemLibrary(name: "CChromaprint", pkgConfig: "libchromaprint", providers: [.apt(["libchromaprint-dev"])]),
        .systemLibrary(name: "CLAME", providers: [.apt(["libmp3lame-dev"])]),
        .systemLibrary(name: "CEBUR128", pkgConfig: "libebur128", providers: [.apt(["libebur128-dev"])]),
        .systemLibrary(name: "COpus", pkgConfig: "opus", providers: [.apt(["libopus-dev"])]),
        .systemLibrary(name: "CSeccomp", pkgConfig: "libseccomp", providers: [.apt(["libseccomp-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(name: "CAssertion", dependencies: ["CFFmpeg"]),
        .target(name: "CSandbox", dependencies: ["CSeccomp"]),

        .target(name: "Audio"),
        .target(name: "FileSystem"),
        .target(name: "Taste"),
        .target(
            name: "Codec", dependencies: ["Audio", "CAssertion", "CChromaprint", "CEBUR128", "CFFmpeg", "CLAME", "COpus"]),
        .target(
            name: "CodecProcess",
            dependencies: [
                "Audio", "CSandbox", "FileSystem",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio")
            ]
        ),
        .target(name: "Packaging", dependencies: ["Audio", .product(name: "Crypto", package: "swift-crypto")]),
        .target(
            name: "Originals",
            dependencies: [
                "Audio", "FileSystem",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio")
            ]
        ),
        .target(
            name: "Locker",
            dependencies: [
                "Audio",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift")
            ]
        ),
        .target(
            name: "Intake",
            dependencies: [
                "Audio", "CodecProcess", "FileSystem", "Originals", "Locker",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio")
            ]
        ),
        .target(
            name: "Streaming",
            dependencies: [
                "Audio", "CodecProcess", "FileSystem", "Originals", "Packaging",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio")
            ]
        ),
        .target(
            name: "Gateway",
            dependencies: [
                "Audio", "CodecProcess", "CZlib", "FileSystem", "Intake", "Locker", "Originals", "Packaging", "Streaming",
                "Taste",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "SystemPackage", package: "swift-system"),
                .product(name: "Yams", package: "Yams")
            ],
            resources: [.copy("Web")]
        ),
        .target(
            name: "Push",
            dependencies: [
                "Audio",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOFoundationCompat", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio")
            ]
        ),
        .executableTarget(
            name: "sweetspot",
            dependencies: [
                "Audio", "CodecProcess", "Gateway", "Intake", "Locker", "Originals", "Packaging", "Push", "Streaming", "Taste",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle")
            ]
        ),
        .executableTarget(name: "sweetspot-codec", dependencies: ["Audio", "Codec", "CodecProcess"]),

        // What the sandbox denies, seen from inside: of use to tests alone.
        .executableTarget(name: "SandboxProbe", dependencies: ["CSandbox", "CSeccomp"], path: "Tests/SandboxProbe"),

        // Random numbers that repeat, temporary folders, foreign programs: what the suites share.
        .target(
            name: "TestSupport", dependencies: [.product(name: "Logging", package: "swift-log")], path: "Tests/TestSupport"),

        .testTarget(name: "AudioTests", dependencies: ["Audio", "TestSupport"]),
        .testTarget(name: "PackagingTests", dependencies: ["Audio", "Packaging", "TestSupport"]),
        .testTarget(name: "CodecTests", dependencies: ["Audio", "Codec", "CFFmpeg", "CLAME", "COpus", "TestSupport"]),
        .testTarget(
            name: "CodecProcessTests",
            dependencies: [
                "Audio", "CodecProcess", "SandboxProbe", "sweetspot-codec", "TestSupport",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "MetricsTestKit", package: "swift-metrics"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio")
            ]
        ),
        .testTarget(
            name: "OriginalsTests",
            dependencies: [
                "Audio", "FileSystem", "Originals", "TestSupport",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio")
            ]
        ),
        .testTarget(name: "LockerTests", dependencies: ["Audio", "Locker", "TestSupport"]),
        .testTarget(
            name: "IntakeTests",
            dependencies: [
                "Audio", "CodecProcess", "FileSystem", "Intake", "Locker", "Originals", "sweetspot-codec", "TestSupport",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio")
            ]
        ),
        .testTarget(name: "TasteTests", dependencies: ["Taste", "TestSupport"]),
        .testTarget(name: "PushTests", dependencies: ["Push", "TestSupport"]),
        .testTarget(
            name: "StreamingTests",
            dependencies: [
                "Audio", "FileSystem", "Originals", "TestSupport", "Streaming",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "MetricsTestKit", package: "swift-metrics"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio")
            ]
        ),
        .testTarget(
            name: "GatewayTests",
            dependencies: [
                "Audio", "CodecProcess", "Gateway", "Intake", "Locker", "Originals", "Packaging", "Streaming", "Taste",
                "sweetspot-codec",
                "TestSupport",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
            ]
        ),
        .testTarget(
            name: "SweetspotTests",
            dependencies: [
                "Audio", "Locker", "Packaging", "TestSupport", "sweetspot", "sweetspot-codec",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio")
            ]
        )
    ],
    swiftLanguageModes: [.v6]
)

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault")
]
let strict = Context.environment["CI"] != nil
// Benchmarks/ reaches what is internal.
let isTestable = Context.environment["SWEETSPOT_BENCHMARKS"] != nil

for target in package.targets where target.type != .system && !["CAssertion", "CSandbox", "SandboxProbe"].contains(target.name) {
    var own = settings
    // The codec loop is the one place that handles C pointers all day; everywhere else each unsafe use is marked.
    if target.type != .test, !["Codec", "TestSupport"].contains(target.name) { own.append(.strictMemorySafety()) }
    if strict { own.append(.treatAllWarnings(as: .error)) }
    // A test makes, decodes or packs minutes of sound, or walks over all of a data set: unoptimised that takes fifty times as long.
    if ["Audio", "Codec", "Packaging", "Taste", "TestSupport"].contains(target.name) {
        own.append(.unsafeFlags(["-O"], .when(configuration: .debug)))
    }
    if isTestable, target.name == "Streaming" { own.append(.unsafeFlags(["-enable-testing"])) }
    target.swiftSettings = own
}
