import Foundation
import TestSupport

/// A short file of one of the core formats, for ``Mutator``.
struct Seed: Sendable {
    let name: String
    private let arguments: [String]

    static let all = [
        Seed(name: "cbr.mp3", arguments: ["-b:a", "64k", "-write_xing", "0"]),
        Seed(name: "vbr.mp3", arguments: ["-q:a", "7"]),
        Seed(name: "native.flac", arguments: []),
        Seed(name: "integer.wav", arguments: []),
        Seed(name: "float.wav", arguments: ["-c:a", "pcm_f32le"]),
        Seed(name: "big.aiff", arguments: []),
        Seed(name: "vorbis.ogg", arguments: ["-c:a", "libvorbis", "-q:a", "0"]),
        Seed(name: "opus.opus", arguments: ["-c:a", "libopus", "-b:a", "32k"]),
        Seed(name: "flac.oga", arguments: ["-c:a", "flac"]),
        Seed(name: "aac.m4a", arguments: ["-c:a", "aac", "-b:a", "48k"]),
        Seed(name: "alac.m4a", arguments: ["-c:a", "alac"]),
        Seed(name: "adts.aac", arguments: ["-c:a", "aac", "-b:a", "48k"])
    ]

    /// The file's bytes.
    func made(in folder: TemporaryFolder) async throws -> [UInt8] {
        let source = try await Signal(22_050, seconds: 1.2, kind: .wav16).write(in: folder)
        let path = folder.path + "/" + name
        try await make(
            "ffmpeg",
            [
                "-nostdin", "-v", "error", "-y", "-i", source, "-fflags", "+bitexact", "-flags:a", "+bitexact", "-map_metadata",
                "-1"
            ]
                + ["-metadata", "title=Seed"] + arguments + [path])
        return try bytes(of: path)
    }
}
