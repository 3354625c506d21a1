import Testing

@testable import Gateway

@Suite("An original is served under its own type and extension")
struct OriginalTypeTests {
    @Test(
        "Every container that ingest knows has a media type and extensions",
        arguments: [
            ("wav", "pcm_s16le", "wav"), ("aiff", "pcm_s16be", "aiff"), ("flac", "flac", "flac"), ("mp3", "mp3", "mp3"),
            ("mp3", "mp3adu", "mp3"),
            ("mp4", "aac", "m4a"), ("adts", "aac", "aac"), ("ogg", "vorbis", "ogg"), ("ogg", "opus", "opus"),
            ("ogg", "speex", "spx"),
            ("wavpack", "wavpack", "wv"), ("ape", "ape", "ape"), ("tta", "tta", "tta"), ("musepack", "musepack7", "mpc"),
            ("asf", "wmav2", "wma"), ("matroska", "opus", "mka"), ("caf", "alac", "caf")
        ])
    func known(container: String, codec: String, fileExtension: String) {
        let type = OriginalType(container: container, codec: codec)
        #expect(type.fileExtensions.first == fileExtension)
        #expect(type.mediaType.hasPrefix("audio/"))
    }
}
