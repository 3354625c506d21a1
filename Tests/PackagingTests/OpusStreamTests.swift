import Audio
import Packaging
import TestSupport
import Testing

@Suite("An Opus Stream is what players expect", .tags(.packaging, .oracle))
struct OpusStreamTests {
    static let cases: [StreamCase] = [
        StreamCase(name: "opus-24", rate: 48_000, channels: 2, samples: 1),
        StreamCase(name: "opus-32", rate: 48_000, channels: 2, samples: 960 - 312),
        StreamCase(name: "opus-32", rate: 48_000, channels: 1, samples: 960 - 311),
        StreamCase(name: "opus-48", rate: 48_000, channels: 2, samples: 25 * 960 - 312),
        StreamCase(name: "opus-48", rate: 48_000, channels: 2, samples: 25 * 960 - 311),
        StreamCase(name: "opus-64", rate: 48_000, channels: 2, samples: 150 * 960 - 312),
        StreamCase(name: "opus-64", rate: 48_000, channels: 2, samples: 150 * 960 - 311),
        StreamCase(name: "opus-96", rate: 44_100, channels: 2, samples: 500_001),
        StreamCase(name: "opus-128", rate: 8_000, channels: 1, samples: 77_777),
        StreamCase(name: "opus-160", rate: 192_000, channels: 6, samples: 1_234_567),
        StreamCase(name: "opus-160", rate: 11_025, channels: 2, samples: 11_025 * 9)
    ]

    @Test("Pages carry every packet, in sequence, with the granules of RFC 7845", arguments: cases)
    func pages(_ made: StreamCase) throws {
        let stream = try made.stream()
        let grid = stream.grid
        let pages = try OggPageReader.pages(in: stream.bytes)
        #expect(pages.map(\.sequence) == Array(pages.indices))
        #expect(Set(pages.map(\.serial)).count == 1)
        #expect(pages.map(\.flags) == [2] + Array(repeating: 0, count: pages.count - 2) + [4])

        let audio = pages.dropFirst(2)
        #expect(audio.flatMap(\.packets).flatMap { $0 } == stream.chunks.flatMap { $0 })
        #expect(audio.flatMap(\.packets).allSatisfy { $0.count == grid.opusPacketBytes })
        #expect(audio.dropLast().allSatisfy { $0.packets.count == 25 })
        var packets = 0
        for page in audio.dropLast() {
            packets += page.packets.count
            #expect(page.granule == packets * 960)
        }
        #expect(audio.last?.granule == 312 + grid.outputSamples)
    }

    @Test("OpusHead says channels, pre-skip 312 and the source's rate", arguments: cases)
    func identification(_ made: StreamCase) throws {
        let stream = try made.stream()
        let pages = try OggPageReader.pages(in: stream.layout.header)
        #expect(pages.count == 2)
        let head = pages[0].packets[0]
        let rate = (0..<4).map { UInt8(truncatingIfNeeded: made.rate >> ($0 * 8)) }
        #expect(head == Array("OpusHead".utf8) + [1, UInt8(stream.grid.output.channels), 56, 1] + rate + [0, 0, 0])
        #expect(stream.layout.header.count == 1024)
    }

    @Test(
        "Ffprobe and opusinfo have no complaint and ffmpeg decodes exactly the track's samples",
        .enabled(if: areInstalled("ffmpeg", "ffprobe", "opusinfo"), "needs ffmpeg and opus-tools"), arguments: cases)
    func decodes(_ made: StreamCase) throws {
        let tags = TrackTags(title: "Tune", artist: "Someone", year: 1999)
        let stream = try made.stream(tags: tags)
        let bytes = stream.bytes
        #expect(try Tool.complaints(about: bytes, extension: "opus") == "")
        let decoded = try Tool.decodedSamples(of: bytes, extension: "opus", channels: stream.grid.output.channels)
        #expect(decoded.complaints == "")
        #expect(decoded.count == stream.grid.outputSamples)

        let info = try Tool.run("opusinfo", ["FILE"], on: bytes, extension: "opus")
        #expect(info.status == 0)
        #expect(!(info.text + info.errors).lowercased().contains("warning"), "\(info.text)")
    }

    @Test("Two renditions of one Original, and one of two, differ in their serial numbers")
    func serials() throws {
        let streams = [
            try MadeStream("opus-64", samples: 10), try MadeStream("opus-96", samples: 10),
            try MadeStream("opus-64", samples: 10, seed: 1)
        ]
        let serials = try streams.map { try OggPageReader.pages(in: $0.layout.header)[0].serial }
        #expect(Set(serials).count == 3)
        #expect(try MadeStream("opus-64", samples: 99).layout.header.prefix(47) == streams[0].layout.header.prefix(47))
    }
}
