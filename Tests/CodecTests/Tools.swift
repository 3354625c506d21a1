import Foundation
import TestSupport
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
        let folder = try TemporaryFolder()
        let target = folder.path + "/" + name
        let command = command(try folder.write(input, to: "input"), target)
        let output = try runBlocking(command[0], Array(command.dropFirst()))
        try #require(output.status == 0, "\(command): \(output.errors)")
        return try bytes(of: target)
    }

    /// The interleaved samples mpg123 decodes an MP3 to, 1 at full scale, delay and padding cut off.
    static func mpg123(_ input: [UInt8]) throws -> [Float] {
        let bytes = try run(input, to: "pcm") { ["mpg123", "-q", "--gapless", "-e", "f32", "-O", $1, $0] }
        return stride(from: 0, to: bytes.count - 3, by: 4).map { start in
            Float(bitPattern: (0..<4).reversed().reduce(0) { $0 << 8 | UInt32(bytes[start + $1]) })
        }
    }

    /// The output of one of the scripts of Tests/Oracles. Debian's python3 has the packages it needs.
    static func python(_ script: String, _ arguments: [String] = [], input: Data = Data()) throws -> Data {
        let folder = try TemporaryFolder()
        let scripts = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let output = try runBlocking(
            "/usr/bin/python3", ["-B", scripts.appending(path: "Oracles/\(script)").path] + arguments,
            input: try folder.write(input, to: "input"), seconds: 600)
        try #require(output.status == 0, "\(script): is python3-mutagen installed? \(output.errors)")
        return Data(output.bytes)
    }

    /// Samples per channel ffmpeg decodes a file to.
    static func decodedSamples(_ file: [UInt8]) throws -> Int {
        try ffmpeg(file, ["-map", "0:a:0", "-ac", "1", "-f", "s16le"], to: "pcm").count / 2
    }
}
