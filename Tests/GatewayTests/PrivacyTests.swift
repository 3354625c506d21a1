import Foundation
import Logging
import NIOHTTP1
import TestSupport
import Testing

@testable import Gateway

@Suite("Privacy of the data directory", .tags(.codec, .http), .timeLimit(.minutes(10)))
final class PrivacyTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "sweetspot-\(UUID().uuidString)")

    init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(at: folder) }

    private static func mode(_ path: String) throws -> Int {
        try #require(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
    }

    private static func setMode(_ mode: Int, _ path: String) throws {
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }

    /// What others may read under `root`, and `root` itself.
    private static func open(_ root: String) throws -> [String] {
        let inside = try FileManager.default.subpathsOfDirectory(atPath: root).map { "\(root)/\($0)" }
        return try ([root] + inside).filter { try mode($0) & 0o077 != 0 }
    }

    @Test("The data directory is its owner's alone, whatever is put there while the server runs")
    func made() async throws {
        let old = umask(0)
        defer { umask(old) }
        try await RunningServer.run { server in
            let id = try #require(try await server.upload(Sound.wav(seconds: 3, seed: 1), name: "a.wav")["id"]?.text)
            #expect(try await server.get("/stream/\(id)/mp3-64?download=1").status == 200)
            let fields = [("Tus-Resumable", "1.0.0"), ("Upload-Length", "5")]
            #expect(try await server.send(.POST, "/api/v1/uploads", fields).status == 201)
            let names = try FileManager.default.contentsOfDirectory(atPath: server.data.path)
            #expect(
                Set(names).isSuperset(of: ["catalogue.sqlite", "catalogue.sqlite-wal", "catalogue.sqlite-shm", "keys", "cache"]))
            #expect(try Self.open(server.data.path) == [])
            #expect(try Self.mode(server.data.path) == 0o700 && Self.mode(server.data.path + "/catalogue.sqlite-wal") == 0o600)
        }
    }

    @Test("At the start others lose the access that an earlier version left them, and the log says so")
    func mended() async throws {
        let root = folder.path + "/data"
        let configure: (inout ServerConfiguration) -> Void = { $0.data = root }
        try await RunningServer.run(configure) { server in
            _ = try await server.upload(Sound.wav(seconds: 0.2, seed: 2), name: "a.wav")
        }
        // Keys that others may have read are refused.
        let keys = root + "/keys/"
        let shared = folder.path + "/song.wav"
        let linked = root + "/originals/linked"
        try Data("song".utf8).write(to: URL(filePath: shared))
        try FileManager.default.linkItem(atPath: shared, toPath: linked)
        for path in try FileManager.default.subpathsOfDirectory(atPath: root).map({ "\(root)/\($0)" }) + [root]
        where !path.hasPrefix(keys) {
            try Self.setMode(try Self.mode(path) | 0o044, path)
        }
        try Self.setMode(0o755, root)
        let log = LogLines()
        try await RunningServer.run(logger: log.logger, configure) { _ in
            // A file that somebody else has too keeps its mode: this name of it cannot be reached any more.
            let open = try Self.open(root)
            #expect(open == [linked])
        }
        #expect(log.all.contains { $0.contains("only their owner can") })
        let quiet = LogLines()
        try await RunningServer.run(logger: quiet.logger, configure) { _ in }
        #expect(!quiet.all.contains { $0.contains("only their owner can") })
    }

    @Test("A large store is looked through in pieces; a directory that all may write to is left, and reported")
    func pieces() throws {
        for number in 0..<50 {
            let directory = folder.path + "/originals/\(number % 5)"
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            try Data().write(to: URL(filePath: directory + "/\(number)"))
            try Self.setMode(0o640, directory + "/\(number)")
        }
        for directory in ["", "/originals"] { try Self.setMode(0o755, folder.path + directory) }
        try FileManager.default.createSymbolicLink(atPath: folder.path + "/originals/link", withDestinationPath: "/tmp")
        var privacy = FilePrivacy(
            root: folder.path, files: [folder.path + "/none"], directories: [folder.path + "/originals", folder.path + "/cache"])
        var rounds = 0
        while !privacy.isDone {
            privacy.go(on: 10)
            rounds += 1
        }
        #expect(rounds > 3 && privacy.mended >= 52 && privacy.left.isEmpty)
        #expect(try Self.open(folder.path).filter { !$0.hasSuffix("/link") } == [])
        try Self.setMode(0o1777, folder.path)
        let shared = FilePrivacy(root: folder.path, files: [], directories: [])
        #expect(shared.mended == 0 && shared.left == [folder.path])
        #expect(try Self.mode(folder.path) == 0o1777)
    }

    @Test("A ticket key that others may read, or that is not whole, is refused with what to do")
    func keys() async throws {
        let files = try DataDirectory(folder.path)
        let path = folder.path + "/keys/tickets"
        let key = try files.ticketKey()
        #expect(try files.ticketKey() == key && Self.mode(path) == 0o600)
        for mode in [0o640, 0o604, 0o666, 0o620] {
            try Self.setMode(mode, path)
            #expect { try files.ticketKey() } throws: { "\($0)".contains("chmod 600") && "\($0)".contains(path) }
        }
        var configuration = ServerConfiguration(access: .open)
        configuration.data = folder.path
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        await #expect(throws: ServerConfiguration.Invalid.self) {
            try await buildApplication(configuration: configuration, logger: logger)
        }
        try Self.setMode(0o600, path)
        for bytes in [0, 5, 31, 33, 10_000] {
            try Data(repeating: 1, count: bytes).write(to: URL(filePath: path))
            try Self.setMode(0o600, path)
            #expect { try files.ticketKey() } throws: { "\($0)".contains("remove it") }
        }
        try FileManager.default.removeItem(atPath: path)
        #expect(try files.ticketKey() != key)
    }

    @Test("A token's file must be its owner's alone, and long enough to be a secret")
    func tokens() throws {
        let path = folder.path + "/token"
        func read(_ text: String, mode: Int = 0o600) throws -> String {
            try Data(text.utf8).write(to: URL(filePath: path))
            try Self.setMode(mode, path)
            return try readToken(file: path, option: "--token-file")
        }
        #expect(
            try read("0123456789abcdef\n") == "0123456789abcdef" && read("  0123456789abcdef", mode: 0o400) == "0123456789abcdef")
        for (text, mode) in [
            ("0123456789abcdef", 0o644), ("0123456789abcdef", 0o660), ("0123456789abcde\n", 0o600), ("", 0o600), ("\n\n", 0o600),
            ("0123456789 abcdef", 0o600), ("0123456789\nabcdef0", 0o600), (String(repeating: "a", count: 5000), 0o600)
        ] {
            #expect { try read(text, mode: mode) } throws: {
                "\($0)".hasPrefix("--token-file: ") && ("\($0)".contains("chmod 600") || "\($0)".contains("mode 600"))
            }
        }
        for path in [folder.path, folder.path + "/none", "/dev/null"] {
            #expect(throws: ServerConfiguration.Invalid.self) { try readToken(file: path, option: "--token-file") }
        }
    }

    @Test("A kernel without Landlock is reported at the start and in the metrics")
    func landlock() async throws {
        for version in [0, 4] {
            let log = LogLines()
            try await RunningServer.run(logger: log.logger) {
                $0.landlock = version
            } _: { server in
                let metrics = try await server.metrics
                #expect(metrics["sweetspot_landlock"] == (version > 0 ? 1 : 0))
            }
            #expect(log.all.contains { $0.contains("no Landlock") } == (version == 0))
        }
    }
}
