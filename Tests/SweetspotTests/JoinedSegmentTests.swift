import Audio
import NIOCore
import TestSupport
import Testing

extension EndToEnd {
    @Suite("Segments joined are the track", .tags(.http))
    struct JoinedSegmentTests {
        /// shaka-packager#112, jellyfin#17543: the edit list of a fragmented file.
        @Test(
            "Segments joined are the track to the sample when they are taken in again", arguments: ["aac-64", "opus-64", "flac"])
        func samples(_ rendition: String) async throws {
            let folder = try TemporaryFolder()
            let path = try await Signal(seconds: 13.7, kind: .flac16).write(in: folder)
            try await Server.run { server in
                let track = try await server.add(path)
                let base = "/hls/\(track.id)/\(rendition)"
                func part(_ name: String) async throws -> [UInt8] {
                    Array(try await server.client.get("\(base)/\(name)").body.readableBytesView)
                }
                let head = try await part("init.mp4")
                var bytes = head
                for number in 0..<3 { bytes += try await part("\(number).m4s") }
                let joined = try await Finding.inspect(try folder.write(bytes, to: "\(rendition).mp4"))
                let rate = rendition.hasPrefix("opus") ? 48_000 : track.sampleRate
                #expect(joined.sampleRate == rate && joined.samples == track.outputSamples(at: rate))
                #expect(joined.warnings == [])
                // Without the first, what is left of the track.
                let rest = try await Finding.inspect(try folder.write(head + part("2.m4s"), to: "rest-\(rendition).mp4"))
                #expect((rate..<(3 * rate)).contains(try #require(rest.samples)))
            }
        }
    }
}
