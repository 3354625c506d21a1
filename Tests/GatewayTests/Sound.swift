import Foundation
import TestSupport
import Testing

/// Sound made on the spot.
enum Sound {
    /// A 16-bit WAV file of a tone in noise; files of different seeds differ.
    static func wav(seconds: Double, channels: Int = 2, rate: Int = 44_100, seed: UInt64 = 1) -> [UInt8] {
        // A second of signal, repeated.
        let positions = Int(seconds * Double(rate))
        let tile = toneInNoise(positions: min(positions, rate), channels: channels, rate: rate, seed: seed)
        let count = positions * channels * 2
        var file: [UInt8] = []
        file.reserveCapacity(44 + count)
        func text(_ text: String) { file += Array(text.utf8) }
        func number(_ value: Int, bytes: Int) { file += (0..<bytes).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) } }
        text("RIFF")
        number(36 + count, bytes: 4)
        text("WAVEfmt ")
        number(16, bytes: 4)
        number(1, bytes: 2)
        number(channels, bytes: 2)
        number(rate, bytes: 4)
        number(rate * channels * 2, bytes: 4)
        number(channels * 2, bytes: 2)
        number(16, bytes: 2)
        text("data")
        number(count, bytes: 4)
        while file.count < 44 + count { file += tile.prefix(44 + count - file.count) }
        return file
    }

    /// The same with an ID3v2.4 tag of these frames at its end.
    static func wav(seconds: Double, seed: UInt64, id3 frames: [(name: String, content: [UInt8])]) -> [UInt8] {
        func big(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(value >> (21 - 7 * $0) & 0x7F) } }
        func little(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
        var body: [UInt8] = []
        for (name, content) in frames { body += Array(name.utf8) + big(content.count) + [0, 0] + content }
        if body.count % 2 == 1 { body.append(0) }
        let tag: [UInt8] = Array("ID3\u{4}\0\0".utf8) + big(body.count) + body
        var file = wav(seconds: seconds, seed: seed)
        file += Array("id3 ".utf8) + little(tag.count) + tag
        file.replaceSubrange(4..<8, with: little(file.count - 8))
        return file
    }

    /// What ffmpeg makes of a file.
    static func encoded(_ file: [UInt8], _ arguments: [String], extension suffix: String) throws -> [UInt8] {
        let folder = try TemporaryFolder()
        let target = "\(folder.path)/target.\(suffix)"
        let source = try folder.write(file, to: "source")
        let output = try runBlocking("ffmpeg", ["-nostdin", "-v", "error", "-i", source] + arguments + [target])
        try #require(output.status == 0, "ffmpeg \(arguments)")
        return try bytes(of: target)
    }

    static let hasEncoder = areInstalled("ffmpeg")
}
