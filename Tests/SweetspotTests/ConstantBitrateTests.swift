import Foundation
import NIOCore
import TestSupport
import Testing

extension EndToEnd {
    @Suite(
        "CBR by mediainfo", .tags(.http, .oracle),
        .enabled(if: areInstalled("mediainfo"), "mediainfo is not installed"))
    struct ConstantBitrateTests {
        @Test("mediainfo calls every MP3 rung CBR, at the rung's bit rate", arguments: [44_100, 48_000])
        func everyRung(rate: Int) async throws {
            let folder = try TemporaryFolder()
            let path = try await Signal(rate, seconds: 3.3).write(in: folder)
            try await Server.run { server in
                let track = try await server.add(path)
                let streams = track.renditions.filter { $0.ladder == "mp3" }
                #expect(streams.count == 8)
                for stream in streams {
                    let bytes = try await server.client.whole(stream.url).readableBytesView
                    let file = try folder.write(bytes, to: "\(stream.name).mp3")
                    let output = try await make("mediainfo", ["--Output=Audio;%BitRate_Mode% %BitRate%", file])
                    #expect(output.text.hasPrefix("CBR \(stream.name.dropFirst(4))000"), "\(stream.name): \(output.text)")
                }
            }
        }
    }
}
