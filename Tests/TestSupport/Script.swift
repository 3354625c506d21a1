import Foundation
import Synchronization
import Testing

/// The scripts of `Tests/Oracles` that need packages of their own, and the Python that has them.
public struct Script: Sendable {
    /// What a script found out.
    public struct Verdict: Decodable, Sendable {
        public let problems: [String]
        public let figures: [String: Double]
    }

    private static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized
    /// Where `make test-deps` puts them.
    private static let python: String = {
        let own = root.appending(path: ".build/oracles/bin/python").path
        return FileManager.default.isExecutableFile(atPath: own) ? own : "/usr/bin/python3"
    }()

    public let name: String

    public init(name: String) { self.name = name }

    /// Whether `make test-deps` could install the packages of that name.
    public static func has(_ packages: String...) -> Bool {
        guard !Program.isFast, FileManager.default.isExecutableFile(atPath: python) else { return false }
        // Each of them is asked for by several suites, and Python takes its time to begin.
        return packages.allSatisfy { package in
            known.withLock { known in
                if let found = known[package] { return found }
                let check = Process()
                check.executableURL = URL(filePath: python)
                check.arguments = ["-c", "import \(package)"]
                check.standardError = FileHandle.nullDevice
                var found = false
                if (try? check.run()) != nil {
                    check.waitUntilExit()
                    found = check.terminationStatus == 0
                }
                known[package] = found
                return found
            }
        }
    }

    private static let known = Mutex<[String: Bool]>([:])

    /// Runs it to its end and prints its figures.
    public func run(_ arguments: [String], of what: String, seconds: Int) async throws -> Verdict {
        let script = Self.root.appending(path: "Tests/Oracles/\(name).py").path
        let output = try await TestSupport.run(Self.python, ["-B", script] + arguments, seconds: seconds)
        try #require(output.status == 0, "\(name) of \(what) ended with \(output.status): \(output.errors)")
        let verdict = try JSONDecoder().decode(Verdict.self, from: Data(output.bytes))
        let figures = verdict.figures.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        print("\(name), \(what): \(figures.joined(separator: "; "))")
        return verdict
    }
}
