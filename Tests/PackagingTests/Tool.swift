import Foundation
import TestSupport

/// An installed program that judges our bytes.
enum Tool {
    /// Runs `name` on a temporary file with `bytes`; `arguments` say `FILE` where its path goes.
    static func run(_ name: String, _ arguments: [String], on bytes: [UInt8], extension suffix: String) throws -> Output {
        let folder = try TemporaryFolder()
        let file = try folder.write(bytes, to: "stream.\(suffix)")
        return try runBlocking(name, arguments.map { $0 == "FILE" ? file : $0 })
    }

    /// Samples per channel that ffmpeg decodes `bytes` to, and whatever it complains of.
    static func decodedSamples(of bytes: [UInt8], extension suffix: String, channels: Int) throws -> (
        count: Int, complaints: String
    ) {
        let output = try run(
            "ffmpeg", ["-v", "warning", "-i", "FILE", "-f", "s16le", "-c:a", "pcm_s16le", "-"], on: bytes, extension: suffix)
        return (output.bytes.count / (2 * channels), output.errors)
    }

    /// What ffprobe complains of.
    static func complaints(about bytes: [UInt8], extension suffix: String) throws -> String {
        try run("ffprobe", ["-v", "warning", "FILE"], on: bytes, extension: suffix).errors
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
        let entries = try JSONDecoder().decode(Entries.self, from: Data(output.bytes))
        let all = [entries.format?.tags] + (entries.streams ?? []).map(\.tags)
        return all.compactMap { $0 }.reduce(into: [:]) { found, tags in
            for (name, value) in tags { found[name.lowercased()] = value }
        }
    }
}
