import TestSupport
import Testing

extension EndToEnd {
    @Suite("The server process holds no codec", .tags(.oracle))
    struct LinkageTests {
        private static let libraries = ["libav", "libswresample", "libswscale", "libmp3lame", "libopus"]
        private static let prefixes = ["av_", "avcodec_", "avformat_", "swr_", "sws_", "lame_", "opus_"]

        /// Loaded codec libraries, as the dynamic loader finds them.
        private func codecLibraries(_ program: String) async throws -> [Substring] {
            try await make("ldd", [program]).text.split(separator: "\n").filter { line in
                Self.libraries.contains { line.drop { $0.isWhitespace }.hasPrefix($0) }
            }
        }

        /// Symbols of codecs, defined or not.
        private func codecSymbols(_ program: String) async throws -> [Substring] {
            try await make("nm", [program]).text.split(separator: "\n").compactMap { $0.split(separator: " ").last }.filter {
                name in
                Self.prefixes.contains { name.hasPrefix($0) }
            }
        }

        @Test("sweetspot loads no codec library and has no codec symbol")
        func sweetspotHasNone() async throws {
            #expect(try await codecLibraries(Program.sweetspot) == [])
            #expect(try await codecSymbols(Program.sweetspot) == [])
        }

        @Test("sweetspot-codec has them all, so that one would be seen")
        func workerHasAll() async throws {
            #expect(try await codecLibraries(Program.codec).count >= Self.libraries.count)
            let symbols = try await codecSymbols(Program.codec)
            for prefix in Self.prefixes { #expect(symbols.contains { $0.hasPrefix(prefix) }, "\(prefix)") }
        }
    }
}
