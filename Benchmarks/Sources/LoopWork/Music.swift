public import Audio
import Foundation

/// Music that is nobody's, encoded by ffmpeg as asked for; made once a process.
public struct Music {
    /// Formats the loop meets most, by name: the encoder's options and the file's extension.
    private static let formats = [
        "FLAC": (["-c:a", "flac"], "flac"), "MP3": (["-c:a", "libmp3lame", "-b:a", "192k"], "mp3"),
        "AAC": (["-c:a", "aac", "-b:a", "192k"], "m4a"), "Vorbis": (["-c:a", "libvorbis", "-q:a", "6"], "ogg"),
        "Opus": (["-c:a", "libopus", "-b:a", "160k"], "opus"), "ALAC": (["-c:a", "alac"], "m4a"),
        "WAV": (["-c:a", "pcm_s16le"], "wav")
    ]
    private static let sound =
        "0.3*sin(2*PI*(220+110*floor(mod(t\\,8)))*t)*exp(-3*mod(t\\,0.5))+0.05*(random(0)-0.5)"
        + "|0.25*sin(2*PI*(330+55*floor(mod(t\\,6)))*t)*exp(-2*mod(t\\,0.25))+0.1*(random(1)-0.5)*exp(-8*mod(t\\,0.5))"

    public let path: String
    public let map: TrackMap
    /// What the packets' offsets count in.
    public let bytes: [UInt8]

    /// 24 s of stereo at 44.1 kHz.
    public init(_ format: String) {
        guard let (options, ending) = Self.formats[format] else { fail("no format is called \(format)") }
        // The suites run every benchmark in a process of its own: the first makes what all read.
        let folder = FileManager.default.temporaryDirectory.appending(path: "sweetspot-benchmarks")
        try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let file = folder.appending(path: "\(format).\(ending)")
        if !FileManager.default.fileExists(atPath: file.path) {
            let partial = folder.appending(path: "\(getpid()).\(ending)")
            let ffmpeg = Process()
            ffmpeg.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            ffmpeg.arguments =
                ["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", "aevalsrc=\(Self.sound):s=44100:d=24"] + options + [
                    partial.path
                ]
            do { try ffmpeg.run() } catch { fail("ffmpeg does not run: \(error)") }
            ffmpeg.waitUntilExit()
            guard ffmpeg.terminationStatus == 0, rename(partial.path, file.path) == 0 else { fail("ffmpeg made no \(format)") }
        }
        path = file.path
        (map, bytes) = ingest(path)
    }
}
