import TestSupport
import Testing

/// One server for all tests of a suite, with a few songs in it.
struct SongServer: Sendable {
    @TaskLocal static var current: SongServer?

    struct Song: Sendable {
        let file: [UInt8]
        let document: JSON

        var id: String { document["id"]?.text ?? "" }

        /// The JSON of one of its renditions.
        func rendition(_ name: String) -> JSON? {
            document["renditions"]?.list?.first { $0["name"]?.text == name }
        }

        /// The entity tag of a rendition, or of the Original, without quotes.
        func entityTag(_ name: String) -> String {
            (name == "original" ? document["sha256"] : rendition(name)?["etag"])?.text ?? ""
        }

        func length(_ name: String) -> Int {
            (name == "original" ? document["bytes"] : rendition(name)?["bytes"])?.integer ?? 0
        }
    }

    static let title = "He said \"AC/DC\" \\ 100 % für \u{1F3B5}"

    let server: RunningServer
    /// 9 s of stereo FLAC with a difficult title.
    let song: Song
    /// 3 s of MP3 at 64 kbit/s, which is offered in few rungs.
    let low: Song

    init(_ server: RunningServer) async throws {
        self.server = server
        func add(_ file: [UInt8], _ name: String) async throws -> Song {
            Song(file: file, document: try await server.upload(file, name: name))
        }
        let tags = ["-metadata", "title=\(Self.title)", "-metadata", "artist=Brün", "-metadata", "date=1987"]
        song = try await add(Sound.encoded(Sound.wav(seconds: 9), tags, extension: "flac"), "a.flac")
        let lossy = ["-c:a", "libmp3lame", "-b:a", "64k"]
        low = try await add(Sound.encoded(Sound.wav(seconds: 3), lossy, extension: "mp3"), "low.mp3")
    }
}

/// What one open server with songs is asked.
@Suite(
    "An open server", .tags(.codec, .http), .songServer, .enabled(if: Sound.hasEncoder, "ffmpeg is not installed"),
    .timeLimit(.minutes(10)))
enum OpenServer {}
