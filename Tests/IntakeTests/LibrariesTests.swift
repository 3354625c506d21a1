import Testing

@testable import Intake

@Suite("Libraries that a map was made with") struct LibrariesTests {
    @Test(
        "A map is made again if a library of libav has another version",
        arguments: [
            ("libavcodec 59.37.100", "libavcodec 59.37.100 libswresample 4.7.100 LAME 3.100 libopus 1.3.1", false),
            ("libavcodec 59.36.100", "libavcodec 59.37.100 libswresample 4.7.100", true),
            ("libavformat 1.2.3, libavcodec 59.37.100", "libavcodec 59.37.100 LAME 3.100", false),
            ("libavcodec 59.37.100 LAME 3.99", "libavcodec 59.37.100 LAME 3.100", false),
            ("", "libavcodec 59.37.100", false), ("libavcodec", "libavcodec 59.37.100", false),
            ("libavcodec 59.37.100", "", false)
        ])
    func compares(made: String, now: String, differs: Bool) {
        #expect(libavDiffers(made, now) == differs && libavDiffers(now, made) == differs)
    }
}
