import Foundation

/// The programs under test, and how much of them is tested.
enum Program {
    /// The `sweetspot` that `SWEETSPOT_PROGRAM` names, else the one built beside this test bundle.
    static let sweetspot: String = {
        if let named = ProcessInfo.processInfo.environment["SWEETSPOT_PROGRAM"], !named.isEmpty {
            return URL(filePath: named).path
        }
        return URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().path + "/sweetspot"
    }()

    /// The worker that ``sweetspot`` starts.
    static let codec = URL(filePath: sweetspot).deletingLastPathComponent().path + "/sweetspot-codec"

    static let isBuilt = [sweetspot, codec].allSatisfy(FileManager.default.isExecutableFile)

    /// Whether `SWEETSPOT_LONG` asks for the full sizes.
    static let isLong = ProcessInfo.processInfo.environment["SWEETSPOT_LONG"].map { !["", "0"].contains($0) } ?? false

    /// The environment in which every format is taken, not only the core ones.
    static let takesExtraFormats = ["SWEETSPOT_INGEST_EXTRA": "true"]
}
