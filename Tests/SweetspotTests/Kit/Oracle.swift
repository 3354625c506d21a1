import Foundation
import TestSupport

/// Other people's decoders, as judges of how long a file is.
enum Oracle {
    /// A decoder that shares no code with libavcodec, or ffmpeg where Debian has none.
    struct Verdict: Sendable {
        let tool: String
        /// Per channel.
        let samples: Int
    }

    /// Whom to ask about a file that `finding` is of; nil where it makes nothing of the file.
    static func judge(_ path: String, _ finding: Finding) async throws -> Verdict? {
        switch (finding.container, finding.codec) {
        case ("flac", _): try await wave("flac") { ["-d", "-s", "-F", "-o", $0, path] }
        case ("ogg", "flac"): try await wave("flac") { ["-d", "-s", "-F", "--ogg", "-o", $0, path] }
        case ("ogg", "vorbis"): try await wave("oggdec") { ["-Q", "-o", $0, path] }
        case ("ogg", "opus"): try await wave("opusdec") { ["--quiet", "--force-wav", "--rate", "48000", path, $0] }
        case ("ogg", "speex"): lastGranule(try bytes(of: path)).map { Verdict(tool: "the last page", samples: $0) }
        case ("mp3", _): try await wave("mpg123") { ["-q", "--gapless", "-w", $0, path] }
        case ("wavpack", _): try await wave("wvunpack") { ["-q", path, "-o", $0] }
        case ("musepack", _): try await wave("mpcdec") { [path, $0] }
        case ("wav", _), ("aiff", _): try await pcm(path)
        default: try await ffmpeg(path)
        }
    }

    /// All that faad decodes of an AAC file, edit lists not applied; nil where it takes the rate for another, or another track.
    static func faad(_ path: String, rate: Int) async throws -> Int? {
        let folder = try TemporaryFolder()
        let target = folder.path + "/out.wav"
        guard try await run("faad", ["-q", "-o", target, path]).status == 0, let file = try? bytes(of: target) else { return nil }
        return Wave(file).flatMap { $0.rate == rate ? $0.samples : nil }
    }

    static func ffmpeg(_ path: String) async throws -> Verdict? {
        let output = try await run(
            "ffmpeg", ["-nostdin", "-v", "error", "-i", path, "-map", "0:a:0", "-af", "pan=mono|c0=c0", "-f", "u8", "-"])
        return output.bytes.isEmpty ? nil : Verdict(tool: "ffmpeg", samples: output.bytes.count)
    }

    /// Runs a decoder with the arguments that make it write a WAV file.
    private static func wave(_ tool: String, _ arguments: (String) -> [String]) async throws -> Verdict? {
        let folder = try TemporaryFolder()
        let target = folder.path + "/out.wav"
        _ = try await run(tool, arguments(target))
        return (try? bytes(of: target)).flatMap { Wave($0) }.map { Verdict(tool: tool, samples: $0.samples) }
    }

    /// sox, or ffmpeg for the kinds it cannot read.
    private static func pcm(_ path: String) async throws -> Verdict? {
        let output = try await run("sox", ["-V1", path, "-t", "raw", "-c", "1", "-e", "signed", "-b", "8", "-"])
        return output.status == 0 ? Verdict(tool: "sox", samples: output.bytes.count) : try await ffmpeg(path)
    }

    /// The position at the end of the last page, of the first stream (RFC 3533 §6).
    private static func lastGranule(_ file: [UInt8]) -> Int? {
        var page = 0
        var serial: ArraySlice<UInt8>?
        var granule: Int?
        while page + 27 <= file.count, file[page...].starts(with: Array("OggS".utf8)) {
            let body = page + 27 + Int(file[page + 26])
            guard body <= file.count else { break }
            if serial == nil { serial = file[(page + 14)..<(page + 18)] }
            let value = (0..<8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64(file[page + 6 + $1]) }
            if value != .max, serial?.elementsEqual(file[(page + 14)..<(page + 18)]) == true { granule = Int(exactly: value) }
            page = body + file[(page + 27)..<body].reduce(0) { $0 + Int($1) }
        }
        return granule
    }
}
