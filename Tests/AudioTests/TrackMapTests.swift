import Audio
import TestSupport
import Testing

@Suite("A stored TrackMap comes back whole or not at all")
struct TrackMapTests {
    @Test("A TrackMap that was written is read back", arguments: 0..<60 as Range<UInt64>)
    func roundTrip(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let map = MadeTrack.map(using: &generator)
        #expect(try TrackMap(decoding: map.encoded()) == map)
        let chained = MadeTrack.chained(Int.random(in: 2...30, using: &generator), using: &generator)
        #expect(try TrackMap(decoding: chained.encoded()) == chained)
    }

    @Test("A TrackMap whose parts are not the track's is refused")
    func otherParts() throws {
        var generator = SeededGenerator(seed: 1)
        let map = MadeTrack.chained(5, using: &generator)
        let changes: [@Sendable (inout TrackMap) -> Void] = [
            { $0.samples += 1 }, { $0.parts[0].packets += 1 }, { $0.parts[1].packets -= 1 },
            { $0.parts[2].leadIn += 1 << 30 }, { $0.parts[2].samples = 1 << 40 }, { $0.parts[3].samples = 0 },
            { $0.parts[3].packets = 0 }, { $0.parts.removeLast() },
            { $0.parts[4].source.sampleRate = 0 }, { $0.parts.append($0.parts[0]) }
        ]
        for (index, change) in changes.enumerated() {
            var changed = map
            change(&changed)
            #expect(throws: TrackMap.DecodingError.self, "change \(index)") { try TrackMap(decoding: changed.encoded()) }
        }
    }

    @Test("The tags of an earlier form are read, its sound is not")
    func earlierForm() throws {
        var generator = SeededGenerator(seed: 2)
        let map = MadeTrack.map(using: &generator)
        var body = Array(map.encoded().dropLast(4))
        body[4] = 2
        var trailer = ByteWriter(reservingCapacity: 4)
        trailer.write(CRC32.checksum(body))
        var tags = map.tags
        (tags.tempo, tags.moods, tags.discTitle) = (0, [], "")
        #expect(try TrackMap.tags(decoding: body + trailer.bytes) == tags)
        #expect(throws: TrackMap.DecodingError.otherVersion(2)) { try TrackMap(decoding: body + trailer.bytes) }
        #expect(throws: TrackMap.DecodingError.checksumMismatch) { try TrackMap.tags(decoding: body + [0, 0, 0, 0]) }
    }

    @Test("A map of form 4 is the same without tempo, moods and disc title")
    func formBefore() throws {
        var generator = SeededGenerator(seed: 3)
        var map = MadeTrack.map(using: &generator)
        (map.tags.tempo, map.tags.moods, map.tags.discTitle) = (0, [], "")
        (map.art, map.tags.lyrics) = (nil, TrackTags.Lyrics(text: "the last of the tags", isSynchronised: false))
        let now = map.encoded()
        let lyrics = Array("the last of the tags".utf8)
        let end = try #require(now.indices.first { now[$0...].starts(with: lyrics) }) + lyrics.count
        #expect(now[end..<(end + 3)] == [0, 0, 0])
        var body = Array(now[..<end] + now[(end + 3)...].dropLast(4))
        body[4] = 4
        var trailer = ByteWriter(reservingCapacity: 4)
        trailer.write(CRC32.checksum(body))
        #expect(try TrackMap(decoding: body + trailer.bytes) == map)
        #expect(try TrackMap.tags(decoding: body + trailer.bytes) == map.tags)
    }

    @Test("A map of form 3 decides the same bytes, and has its measures inside")
    func former() throws {
        let map = try TrackMap(decoding: FormerMap.bytes)
        #expect(map.container == "wav" && map.source.codec == .pcmS16LE && map.source.sampleRate == 8000)
        #expect((map.originalBytes, map.samples, map.leadIn) == (16_044, 8000, 0))
        #expect(map.packets.count == 1 && map.packets[0].byteRange == 44..<16_044 && map.packets.sampleCount == 8000)
        #expect(map.randomAccess == RandomAccess(places: 1))
        #expect(map.libraries == "libavformat 59.27.100 libavcodec 59.37.100")
        let measures = try #require(TrackMap.measures(decoding: FormerMap.bytes))
        #expect(measures.version == 1 && measures.soundHash == 0xE9D8_FECA_164E_ADDF)
        #expect(measures.waveform == [UInt8](repeating: 128, count: 1000))
        #expect(measures.warnings == ["The file ends early: its last bytes are missing"])
        let loudness = try #require(measures.loudness)
        #expect(abs(loudness.integrated + 5.27) < 0.01 && abs(loudness.truePeak + 3.41) < 0.01 && loudness.range == 0)

        let now = map.encoded()
        #expect(now[4] == 5 && now.count < FormerMap.bytes.count - 1000)
        #expect(try TrackMap(decoding: now) == map)
        #expect(TrackMap.measures(decoding: now) == nil)
        for position in FormerMap.bytes.indices {
            var changed = FormerMap.bytes
            changed[position] ^= 0x10
            #expect(throws: TrackMap.DecodingError.self) { try TrackMap(decoding: changed) }
            #expect(TrackMap.measures(decoding: changed) == nil)
        }
    }

    @Test("No changed byte and no cut goes unnoticed")
    func corruption() {
        var generator = SeededGenerator(seed: 1)
        let bytes = MadeTrack.map(using: &generator).encoded()
        for position in bytes.indices {
            var changed = bytes
            changed[position] ^= UInt8.random(in: 1...255, using: &generator)
            let expected: TrackMap.DecodingError? = position < 4 ? .notATrackMap : position < 6 ? nil : .checksumMismatch
            let error = #expect(throws: TrackMap.DecodingError.self) { try TrackMap(decoding: changed) }
            if let expected {
                #expect(error == expected)
            } else if case .otherVersion? = error {
            } else {
                Issue.record("\(position)")
            }
        }
        for count in bytes.indices {
            #expect(throws: TrackMap.DecodingError.self) { try TrackMap(decoding: Array(bytes.prefix(count))) }
        }
        #expect(throws: TrackMap.DecodingError.checksumMismatch) { try TrackMap(decoding: bytes + [0]) }
    }

    @Test(
        "A TrackMap that was changed under a right checksum is refused, or can be planned from",
        arguments: 0..<20 as Range<UInt64>)
    func forgery(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var accepted = 0
        var refused = 0
        for _ in 0..<20 {
            let isChained = Bool.random(using: &generator)
            let map = isChained ? MadeTrack.chained(4, using: &generator) : MadeTrack.map(using: &generator)
            let bytes = map.encoded()
            for _ in 0..<20 {
                var body = Array(bytes.dropLast(4))
                for _ in 0..<Int.random(in: 1...3, using: &generator) {
                    let position = Int.random(in: 6..<body.count, using: &generator)
                    body[position] = Bool.random(using: &generator) ? 0xFF : .random(in: 0...255, using: &generator)
                }
                let checksum = CRC32.checksum(body)
                body += (0..<4).map { UInt8(truncatingIfNeeded: checksum >> ($0 * 8)) }
                do throws(TrackMap.DecodingError) {
                    let map = try TrackMap(decoding: body)
                    #expect(try TrackMap(decoding: map.encoded()) == map)
                    try Self.planEveryRung(map)
                    accepted += 1
                } catch .malformed {
                    refused += 1
                }
            }
        }
        #expect(accepted > 0 && refused > 0)
    }

    private static func planEveryRung(_ map: TrackMap) throws(TrackMap.DecodingError) {
        for rendition in Rendition.all {
            guard let grid = FrameGrid(rendition, source: map.source, samples: map.samples) else { continue }
            for chunk in [0, grid.chunkCount / 2, grid.chunkCount - 1] {
                if let plan = RenderPlan(map, grid: grid, chunk: chunk) {
                    #expect(plan.job.packets.allSatisfy { $0.skip >= 0 && $0.size >= 0 })
                }
            }
        }
    }

    @Test("The CRC gives the check value of its catalogue")
    func checksum() {
        #expect(CRC32.checksum("123456789".utf8) == 0xCBF4_3926)
    }
}
