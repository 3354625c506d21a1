import Foundation
import TestSupport
import Testing

/// Foreign programs that judge Streams.
enum Judge {
    struct Sound {
        let rate: Int
        /// Samples per channel.
        let samples: Int
        /// What anything complained of.
        let complaints: String
    }

    /// What ffprobe, ffmpeg and, for Opus, opusinfo make of a file from `start` s on.
    static func examine(_ path: String, isOpus: Bool, from start: Double = 0) async throws -> Sound {
        let probe = try await run(
            "ffprobe", ["-v", "warning", "-show_entries", "stream=sample_rate,channels", "-of", "csv=p=0", path])
        let format = probe.text.split(whereSeparator: { !$0.isNumber }).compactMap { Int($0) }
        try #require(probe.status == 0 && format.count == 2, "ffprobe: \(probe.text) \(probe.errors)")
        let folder = try TemporaryFolder()
        let decoded = folder.path + "/decoded"
        let seek = start > 0 ? ["-ss", "\(start)"] : []
        let decoder = try await run(
            "ffmpeg", ["-nostdin", "-v", "warning"] + seek + ["-i", path, "-c:a", "pcm_u8", "-f", "u8", decoded])
        try #require(decoder.status == 0, "ffmpeg: \(decoder.errors)")
        let size = try FileManager.default.attributesOfItem(atPath: decoded)[.size] as? NSNumber
        var complaints = probe.errors + decoder.errors
        if isOpus {
            let info = try await run("opusinfo", [path])
            let text = info.text + info.errors
            if info.status != 0 || text.localizedCaseInsensitiveContains("warning") { complaints += text }
        }
        return Sound(rate: format[0], samples: (size?.intValue ?? 0) / format[1], complaints: complaints)
    }

    /// What ffplay says while it plays `url`, `duration` seconds long, from `start` on to the end; nil where it says nothing and
    /// ends well.
    ///
    /// Up to 10 s are played in real time. What is longer goes to SDL's other driver without a device, which takes the sound as
    /// fast as it comes and announces itself.
    static func play(_ url: String, duration: Double, from start: Double = 0) async throws -> String? {
        let isShort = duration - start <= 10
        let environment = [
            "SDL_AUDIODRIVER": isShort ? "dummy" : "disk", "SDL_DISKAUDIODELAY": "0", "SDL_DISKAUDIOFILE": "/dev/null"
        ]
        let seek = start > 0 ? ["-ss", "\(start)"] : []
        let player = try await run(
            "ffplay", ["-nodisp", "-autoexit", "-v", "warning"] + seek + [url], environment: environment)
        let lines = player.errorLines.filter { !$0.hasPrefix("CRITICAL: ") }
        return player.status == 0 && lines.isEmpty ? nil : "ffplay ended with \(player.status): \(player.errors)"
    }
}
