import Foundation

/// An installed program that judges our bytes.
enum Tool {
    struct Output {
        let status: Int32
        let standardOutput: [UInt8]
        let standardError: String

        var text: String { String(decoding: standardOutput, as: UTF8.self) }
    }

    static func areInstalled(_ names: String...) -> Bool {
        names.allSatisfy { FileManager.default.isExecutableFile(atPath: "/usr/bin/\($0)") }
    }

    /// Runs `name` on a temporary file with `bytes`; `arguments` say `FILE` where its path goes.
    static func run(_ name: String, _ arguments: [String], on bytes: [UInt8], extension suffix: String) throws -> Output {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("stream.\(suffix)")
        try Data(bytes).write(to: file)
        let outputs = ["out", "err"].map { folder.appendingPathComponent($0) }
        for output in outputs { try Data().write(to: output) }

        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/\(name)")
        process.arguments = arguments.map { $0 == "FILE" ? file.path : $0 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: outputs[0])
        process.standardError = try FileHandle(forWritingTo: outputs[1])
        try process.run()
        process.waitUntilExit()
        return Output(
            status: process.terminationStatus, standardOutput: Array(try Data(contentsOf: outputs[0])),
            standardError: String(decoding: try Data(contentsOf: outputs[1]), as: UTF8.self))
    }

    /// Samples per channel that ffmpeg decodes `bytes` to, and whatever it complains of.
    static func decodedSamples(of bytes: [UInt8], extension suffix: String, channels: Int) throws -> (
        count: Int, complaints: String
    ) {
        let output = try run(
            "ffmpeg", ["-v", "warning", "-i", "FILE", "-f", "s16le", "-c:a", "pcm_s16le", "-"], on: bytes, extension: suffix)
        return (output.standardOutput.count / (2 * channels), output.standardError)
    }

    /// What ffprobe complains of.
    static func complaints(about bytes: [UInt8], extension suffix: String) throws -> String {
        try run("ffprobe", ["-v", "warning", "FILE"], on: bytes, extension: suffix).standardError
    }

    /// The container's tags as ffprobe reads them, by lower-case name.
    static func tags(of bytes: [UInt8], extension suffix: String) throws -> [String: String] {
        let output = try run(
            "ffprobe", ["-v", "error", "-of", "json", "-show_entries", "format_tags:stream_tags", "FILE"], on: bytes,
            extension: suffix)
        struct Entries: Decodable {
            struct Tagged: Decodable { var tags: [String: String]? }
            var format: Tagged?
            var streams: [Tagged]?
        }
        let entries = try JSONDecoder().decode(Entries.self, from: Data(output.standardOutput))
        let all = [entries.format?.tags] + (entries.streams ?? []).map(\.tags)
        return all.compactMap { $0 }.reduce(into: [:]) { found, tags in
            for (name, value) in tags { found[name.lowercased()] = value }
        }
    }
}
