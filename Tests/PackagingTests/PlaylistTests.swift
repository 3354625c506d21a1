import Audio
import Packaging
import TestSupport
import Testing

@Suite("Playlists say everything before a second is encoded", .tags(.packaging))
struct PlaylistTests {
    private static func variants(
        _ names: [String], of codec: SourceCodec = .flac, rate: Int = 44_100, samples: Int, query: String = "v=1&ticket=a"
    ) throws -> [PlaylistVariant] {
        let map = TrackMap(
            container: "flac", source: SourceFormat(codec: codec, sampleRate: rate, channels: 2, bitsPerSample: 16),
            originalBytes: 1, leadIn: 0, samples: samples, packets: PacketTable(), usesPacketFile: false)
        return try names.map { name in
            let rendition = try #require(Rendition(named: name))
            let grid = try #require(FrameGrid(rendition, source: map.source, samples: samples))
            return PlaylistVariant(try #require(SegmentLayout(grid: grid)), of: map, query: query)
        }
    }

    @Test("A media playlist is whole from its first byte, with relative addresses that carry the query")
    func media() throws {
        let text = HLSPlaylist.media(try Self.variants(["aac-96"], samples: 600_000)[0])
        #expect(
            text == """
                #EXTM3U
                #EXT-X-VERSION:7
                #EXT-X-TARGETDURATION:6
                #EXT-X-MEDIA-SEQUENCE:0
                #EXT-X-PLAYLIST-TYPE:VOD
                #EXT-X-INDEPENDENT-SEGMENTS
                #EXT-X-MAP:URI="init.mp4?v=1&ticket=a"
                #EXTINF:5.828209,
                0.m4s?v=1&ticket=a
                #EXTINF:5.851428,
                1.m4s?v=1&ticket=a
                #EXTINF:1.925805,
                2.m4s?v=1&ticket=a
                #EXT-X-ENDLIST

                """)
    }

    @Test(
        "Durations add up to the track's length to the microsecond, and none rounds above the target", arguments: [44_100, 96_000]
    )
    func durations(_ rate: Int) throws {
        for samples in [1, rate / 2, rate * 6, rate * 3601 + 17] {
            for variant in try Self.variants(["aac-64", "opus-64", "flac"], rate: rate, samples: samples, query: "") {
                let lines = HLSPlaylist.media(variant).split(separator: "\n")
                let durations = lines.compactMap { line in
                    line.hasPrefix("#EXTINF:") ? Double(line.dropFirst(8).dropLast()) : nil
                }
                let target = lines.first { $0.hasPrefix("#EXT-X-TARGETDURATION:") }.flatMap { Double($0.dropFirst(22)) }
                let grid = variant.layout.grid
                let length = Double(grid.outputSamples) / Double(grid.output.sampleRate)
                #expect(abs(durations.reduce(0, +) - length) < 0.000_001 + Double(durations.count) * 1e-9)
                #expect(durations.allSatisfy { $0.rounded() <= target ?? 0 })
            }
        }
    }

    @Test("A master promises bandwidths by the rule and names the codec")
    func master() throws {
        let text = HLSPlaylist.master(try Self.variants(["aac-96", "aac-64"], samples: 44_100 * 60))
        #expect(
            text == """
                #EXTM3U
                #EXT-X-VERSION:7
                #EXT-X-INDEPENDENT-SEGMENTS
                #EXT-X-STREAM-INF:BANDWIDTH=99552,AVERAGE-BANDWIDTH=98718,CODECS="mp4a.40.2"
                aac-96/index.m3u8?v=1&ticket=a
                #EXT-X-STREAM-INF:BANDWIDTH=67348,AVERAGE-BANDWIDTH=66681,CODECS="mp4a.40.2"
                aac-64/index.m3u8?v=1&ticket=a

                """)
        let flac = HLSPlaylist.master(try Self.variants(["flac"], samples: 44_100 * 60))
        #expect(flac.contains("BANDWIDTH=\(44_100 * 16 * 2 * 101 / 100),") && flac.contains("CODECS=\"fLaC\""))
    }

    @Test("The size of a file tells FLAC's only where its codec is no better, and never lossy")
    func flacBandwidth() throws {
        for codec in [SourceCodec.wavpack, .ape, .tta, .pcmS16LE] {
            let text = HLSPlaylist.master(try Self.variants(["flac"], of: codec, samples: 44_100 * 60))
            let most = 44_100 * 16 * 2 * 101 / 100
            #expect(text.contains("BANDWIDTH=\(most),AVERAGE-BANDWIDTH=\(most),"), "\(codec)")
        }
        let flac = HLSPlaylist.master(try Self.variants(["flac"], samples: 44_100 * 60))
        #expect(!flac.contains("AVERAGE-BANDWIDTH=\(44_100 * 16 * 2 * 101 / 100),"))
    }

    @Test(
        "The bandwidth of Opus and AAC is what RFC 8216 counts over their segments", arguments: ["opus-48", "aac-96"],
        [30, 44_100, 48_000 * 6, 5_000_123])
    func bandwidth(_ name: String, _ samples: Int) throws {
        let variant = try Self.variants([name], rate: 48_000, samples: samples)[0]
        let layout = variant.layout
        let segments = try (0..<layout.count).map { number in
            let length = try #require(MediaSegment(layout, number: number)).length
            return (bits: Double(length * 8), seconds: Double(layout.presentation(ofSegment: number).count) / 48_000)
        }
        var peak = 0.0
        for first in segments.indices {
            for last in first..<min(first + 3, segments.count) {
                let seconds = segments[first...last].reduce(0) { $0 + $1.seconds }
                guard seconds >= 0.5 * Double(layout.targetDuration), seconds <= 1.5 * Double(layout.targetDuration) else {
                    continue
                }
                peak = max(peak, segments[first...last].reduce(0) { $0 + $1.bits } / seconds)
            }
        }
        let average = segments.reduce(0) { $0 + $1.bits } / segments.reduce(0) { $0 + $1.seconds }
        let line = HLSPlaylist.master([variant])
        #expect(
            line.contains(
                "BANDWIDTH=\(Int((peak == 0 ? average : peak).rounded(.up))),AVERAGE-BANDWIDTH=\(Int(average.rounded(.up))),"))
    }

    @Test("An MPD lists the same segments once, and escapes what a query brings")
    func manifest() throws {
        let text = DASHManifest.mpd(try Self.variants(["aac-64", "aac-96"], samples: 44_100 * 60), base: "../../hls/T/")
        #expect(text.contains("mediaPresentationDuration=\"PT60.000000S\"") && text.contains("type=\"static\""))
        #expect(text.contains("media=\"../../hls/T/aac-64/$Number$.m4s?v=1&amp;ticket=a\""))
        #expect(text.contains("<S t=\"0\" d=\"257024\"/>\n            <S t=\"257024\" d=\"258048\" r=\"8\"/>\n"))
        #expect(text.contains("startNumber=\"0\"") && !text.contains("&ticket"))
    }
}
