import Audio
import Testing

@Suite("A rung is offered if its codec can carry it and it adds something")
struct AvailabilityTests {
    /// A track of ten seconds at `bitrate` kbit/s.
    private static func track(_ codec: SourceCodec, _ bitrate: Int, rate: Int = 44_100, channels: Int = 2) -> TrackMap {
        MadeTrack.regular(
            codec, rate: rate, channels: channels, samples: rate * 10, packetSamples: rate / 10, packetBytes: bitrate * 1000 / 80)
    }

    private static func offered(_ ladder: Ladder, of map: TrackMap) -> [Int] {
        map.source.offeredRungs(of: ladder, bitrate: map.bitrate).map(\.bitrate)
    }

    private static let mp3 = [48, 64, 96, 128, 160, 192, 256, 320]
    private static let opus = [24, 32, 48, 64, 96, 128, 160]

    @Test(
        "The rungs offered follow the source's codec and bitrate",
        arguments: [
            (.flac, 800, mp3, opus), (.pcmU8, 64, mp3, opus), (.alac, 30, mp3, opus),
            // The same codec: below the source, or the lowest.
            (.mp3, 128, [48, 64, 96], [24, 32, 48, 64, 96, 128]), (.mp3, 320, [48, 64, 96, 128, 160, 192, 256], opus),
            (.mp3, 48, [48], [24, 32, 48]), (.mp3, 32, [48], [24, 32]),
            (.opus, 96, [48, 64, 96], [24, 32, 48, 64]), (.opus, 20, [48], [24]),
            // Another codec: one rung at or above the source is kept.
            (.aac, 128, [48, 64, 96, 128], [24, 32, 48, 64, 96, 128]), (.aac, 129, [48, 64, 96, 128, 160], opus),
            (.vorbis, 500, mp3, opus), (.vorbis, 40, [48], [24, 32, 48])
        ] as [(SourceCodec, Int, [Int], [Int])])
    func byBitrate(codec: SourceCodec, bitrate: Int, mp3: [Int], opus: [Int]) {
        let map = Self.track(codec, bitrate)
        #expect(map.bitrate == bitrate)
        #expect(Self.offered(.mp3, of: map) == mp3)
        #expect(Self.offered(.opus, of: map) == opus)
    }

    @Test(
        "MP3 carries only the bitrates of its version at the output rate",
        arguments: [
            (8_000, [48, 64]), (11_025, [48, 64]), (12_000, [48, 64]), (16_000, [48, 64, 96, 128, 160]),
            (22_050, [48, 64, 96, 128, 160]), (24_000, [48, 64, 96, 128, 160]), (32_000, mp3), (48_000, mp3), (192_000, mp3)
        ] as [(Int, [Int])])
    func byRate(rate: Int, expected: [Int]) {
        for channels in [1, 2, 6] {
            #expect(Self.offered(.mp3, of: Self.track(.flac, 700, rate: rate, channels: channels)) == expected)
            #expect(Self.offered(.opus, of: Self.track(.flac, 700, rate: rate, channels: channels)) == Self.opus)
        }
    }

    @Test("The rule holds rung by rung for all codecs, bitrates, rates and channels")
    func rule() {
        for codec in SourceCodec.allCases {
            for (bitrate, rate) in [(20, 8_000), (47, 16_000), (64, 22_050), (128, 44_100), (191, 48_000), (400, 96_000)] {
                for channels in [1, 2, 6] {
                    let map = Self.track(codec, bitrate, rate: rate, channels: channels)
                    for ladder in Ladder.allCases {
                        var legal = ladder.rungs.filter { $0.output(for: map.source) != nil }
                        if ladder == .flac, !codec.isLossless { legal = [] }
                        #expect(legal.first.map(map.offers) ?? (ladder == .flac && !codec.isLossless))
                        for rung in ladder.rungs { Self.check(rung, legal: legal, map: map) }
                    }
                }
            }
        }
    }

    private static func check(_ rung: Rendition, legal: [Rendition], map: TrackMap) {
        guard legal.contains(rung) else {
            #expect(!map.offers(rung))
            return
        }
        let lower = legal.filter { $0.bitrate < rung.bitrate }
        let isFirstInSegments = rung.ladder == .aac && rung == legal.first(where: map.source.hasSegments)
        let addsSomething =
            if map.source.codec.isLossless || lower.isEmpty || isFirstInSegments {
                true
            } else if map.source.codec.ladder == rung.ladder {
                rung.bitrate < map.bitrate
            } else {
                !lower.contains { $0.bitrate >= map.bitrate }
            }
        #expect(map.offers(rung) == addsSomething, "\(rung.name) of \(map.source.codec) at \(map.bitrate)")
    }

    @Test(
        "Output rate and channels follow the rung, then the source, then its family",
        arguments: [
            ("mp3-128", 44_100, 2, 44_100, 2), ("mp3-128", 88_200, 2, 44_100, 2), ("mp3-128", 176_400, 1, 44_100, 1),
            ("mp3-128", 96_000, 6, 48_000, 2), ("mp3-320", 192_000, 2, 48_000, 2), ("mp3-64", 44_100, 2, 24_000, 2),
            ("mp3-64", 22_050, 2, 22_050, 2), ("mp3-48", 44_100, 2, 24_000, 1), ("mp3-48", 8_000, 2, 8_000, 1),
            ("mp3-96", 44_100, 2, 32_000, 2), ("mp3-96", 24_000, 2, 24_000, 2), ("mp3-128", 37_811, 2, 32_000, 2),
            ("opus-64", 44_100, 2, 48_000, 2), ("opus-24", 44_100, 2, 48_000, 1), ("opus-160", 192_000, 8, 48_000, 2),
            ("opus-32", 8_000, 1, 48_000, 1), ("aac-32", 44_100, 1, 44_100, 1), ("aac-256", 192_000, 2, 96_000, 2),
            ("aac-96", 37_811, 6, 32_000, 2)
        ])
    func output(name: String, rate: Int, channels: Int, outRate: Int, outChannels: Int) throws {
        let source = SourceFormat(codec: .flac, sampleRate: rate, channels: channels)
        let expected = OutputFormat(sampleRate: outRate, channels: outChannels)
        #expect(try #require(Rendition(named: name)).output(for: source) == expected)
    }

    @Test(
        "FLAC keeps the source's rate and depth if a frame header can say them",
        arguments: [
            (44_100, 16, 44_100, 16), (192_000, 24, 192_000, 24), (8_000, 8, 8_000, 16), (44_100, 32, 44_100, 24),
            (37_811, 16, 37_811, 16), (705_600, 24, 352_800, 24), (768_000, 24, 384_000, 24), (65_537, 16, 48_000, 16),
            (44_100, 0, 44_100, 24)
        ])
    func lossless(rate: Int, bits: Int, outRate: Int, outBits: Int) {
        let source = SourceFormat(codec: .flac, sampleRate: rate, channels: 6, bitsPerSample: bits)
        let expected = OutputFormat(sampleRate: outRate, channels: 2, bitsPerSample: outBits)
        #expect(Rendition(named: "flac")?.output(for: source) == expected)
    }

    @Test(
        "AAC carries 6144 bit per channel and frame at most",
        arguments: [
            (8_000, 1, [32]), (8_000, 2, [32, 64, 96]), (16_000, 1, [32, 64, 96]), (44_100, 1, [32, 64, 96, 128, 160, 256]),
            (44_100, 2, [32, 64, 96, 128, 160, 256])
        ])
    func aac(rate: Int, channels: Int, expected: [Int]) {
        #expect(Self.offered(.aac, of: Self.track(.flac, 700, rate: rate, channels: channels)) == expected)
    }

    @Test("Segments have the source's channels")
    func segments() {
        let (mono, stereo) = (Self.track(.flac, 700, channels: 1).source, Self.track(.flac, 700, channels: 2).source)
        for rung in Rendition.all {
            #expect(mono.hasSegments(of: rung) == (rung.ladder != .mp3))
            #expect(stereo.hasSegments(of: rung) == (rung.ladder != .mp3 && !rung.isMono))
        }
    }

    @Test("The list of renditions is closed")
    func names() {
        #expect(Rendition.all.map(\.name).allSatisfy { Rendition(named: $0)?.name == $0 })
        for name in ["mp3-129", "mp3", "aac-97", "aac", "flac-1", "flac-0", "original", "MP3-128", "mp3-0128", "opus-24 ", ""] {
            #expect(Rendition(named: name) == nil)
        }
    }
}
