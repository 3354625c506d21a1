import Foundation
import Testing

/// The programs that serve as oracles.
enum Tools {
    /// Runs ffmpeg with `input` as a file and gives what it writes to `name`.
    static func ffmpeg(_ input: [UInt8], _ arguments: [String], to name: String, inputOptions: [String] = []) throws -> [UInt8] {
        try run(input, to: name) { source, target in
            ["ffmpeg", "-nostdin", "-v", "error"] + inputOptions + ["-i", source] + arguments + [target]
        }
    }

    /// Runs a program with `input` as a file and gives what it writes to the file `name`.
    static func run(
        _ input: [UInt8], to name: String, _ command: (_ source: String, _ target: String) -> [String]
    ) throws -> [UInt8] {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let source = folder.appendingPathComponent("input")
        let target = folder.appendingPathComponent(name)
        try Data(input).write(to: source)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        let command = command(source.path, target.path)
        process.arguments = command
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "\(command)")
        return Array(try Data(contentsOf: target))
    }

    /// The interleaved samples mpg123 decodes an MP3 to, 1 at full scale, delay and padding cut off.
    static func mpg123(_ input: [UInt8]) throws -> [Float] {
        let bytes = try run(input, to: "pcm") { ["mpg123", "-q", "--gapless", "-e", "f32", "-O", $1, $0] }
        return stride(from: 0, to: bytes.count - 3, by: 4).map { start in
            Float(bitPattern: (0..<4).reversed().reduce(0) { $0 << 8 | UInt32(bytes[start + $1]) })
        }
    }

    /// What one of the scripts of Tests/Oracles writes. Debian's python3 has the packages it needs.
    static func python(_ script: String, _ arguments: [String] = [], input: Data = Data()) throws -> Data {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let source = folder.appendingPathComponent("input")
        try input.write(to: source)
        let scripts = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        process.arguments = [scripts.appendingPathComponent("Oracles/\(script)").path] + arguments
        process.standardInput = try FileHandle(forReadingFrom: source)
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "\(script): is python3-mutagen installed?")
        return output
    }

    /// Samples per channel ffmpeg decodes a file to.
    static func decodedSamples(_ file: [UInt8]) throws -> Int {
        try ffmpeg(file, ["-map", "0:a:0", "-ac", "1", "-f", "s16le"], to: "pcm").count / 2
    }
}

/// The folder of real music and broken files, where there is one.
enum Corpus {
    static let folder: URL? = {
        let named = ProcessInfo.processInfo.environment["SWEETSPOT_CORPUS"] ?? "../shared/corpus"
        return FileManager.default.fileExists(atPath: named) ? URL(fileURLWithPath: named) : nil
    }()

    /// Small files of reported faults, beside the corpus.
    static let cases: URL? = {
        let folder = URL(fileURLWithPath: "../shared/cases")
        return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
    }()

    static func reported(_ name: String) throws -> [UInt8] {
        let folder = try #require(cases)
        return Array(try Data(contentsOf: folder.appendingPathComponent(name)))
    }

    static func files(in name: String) -> [URL] {
        guard let folder else { return [] }
        let found = try? FileManager.default.contentsOfDirectory(
            at: folder.appendingPathComponent(name), includingPropertiesForKeys: nil)
        return (found ?? []).sorted { $0.path < $1.path }
    }
}
