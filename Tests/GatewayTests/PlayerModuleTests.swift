import Foundation
import TestSupport
import Testing

private enum Node {
    /// The first number of node's version; 0 without node.
    static let version: Int = {
        guard areInstalled("node"), let text = try? runBlocking("node", ["--version"]).text else { return 0 }
        return Int(text.dropFirst().prefix { $0 != "." }) ?? 0
    }()
}

@Suite(
    "The player's modules", .tags(.oracle),
    .enabled(if: Node.version >= 20, "node 20 or later, which Debian 12 does not have, is not installed"))
struct PlayerModuleTests {
    @Test("The modules pass their own tests under node")
    func modules() throws {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Web").standardized.path
        let files = try #require(FileManager.default.subpaths(atPath: tests)).filter { $0.hasSuffix(".test.mjs") }.sorted()
        #expect(files.count > 20)
        let arguments = ["--import", "\(tests)/register.mjs", "--test"] + files.map { "\(tests)/\($0)" }
        let output = try runBlocking("node", arguments, seconds: 300)
        #expect(output.status == 0, "\(output.text.suffix(4000))")
    }
}
