import Foundation

/// The programs under test, and how much of them is tested.
public enum Program {
    /// The `sweetspot` that `SWEETSPOT_PROGRAM` names, else the one built beside this test bundle.
    public static let sweetspot: String = {
        if let named = ProcessInfo.processInfo.environment["SWEETSPOT_PROGRAM"], !named.isEmpty {
            return URL(filePath: named).path
        }
        return URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().path + "/sweetspot"
    }()

    /// The worker that ``sweetspot`` starts.
    public static let codec = URL(filePath: sweetspot).deletingLastPathComponent().path + "/sweetspot-codec"

    public static let isBuilt = [sweetspot, codec].allSatisfy(FileManager.default.isExecutableFile)

    /// Whether `SWEETSPOT_LONG` asks for the full sizes.
    public static let isLong = ProcessInfo.processInfo.environment["SWEETSPOT_LONG"].map { !["", "0"].contains($0) } ?? false

    /// Whether `SWEETSPOT_FAST` asks for the quick run: what needs a foreign program is left out then.
    public static let isFast = ProcessInfo.processInfo.environment["SWEETSPOT_FAST"].map { !["", "0"].contains($0) } ?? false

    /// The environment in which every format is taken, not only the core ones.
    public static let takesExtraFormats = ["SWEETSPOT_INGEST_EXTRA": "true"]
}

/// Runs the `sweetspot` under test.
public func sweetspot(_ arguments: String..., environment: [String: String] = [:]) async throws -> Output {
    try await run(Program.sweetspot, arguments, environment: environment)
}
