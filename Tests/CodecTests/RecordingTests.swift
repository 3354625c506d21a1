import Audio
import Foundation
import TestSupport
import Testing

@testable import Codec

/// By the rule that the catalogue follows: candidates share a word of the index, and the fingerprints decide.
@Suite("Encodes of one recording are found to be one, and no two recordings are", .tags(.codec, .oracle, .slow))
struct RecordingTests {
    /// How many recordings. Some of the corpus are too short to be compared; in full, 50 are not.
    private static let count = Program.isLong ? 60 : 6
    private static let encodes: [(name: String, arguments: [String])] = [
        ("48.mp3", ["-ac", "1", "-ar", "24000", "-b:a", "48k"]), ("24.opus", ["-ac", "1", "-c:a", "libopus", "-b:a", "24k"]),
        ("96.m4a", ["-c:a", "aac", "-b:a", "96k"]), ("a.flac", []), ("b.ogg", ["-c:a", "libvorbis", "-q:a", "3"]),
        ("c.wav", [])
    ]

    private struct Encode: Sendable {
        var recording: Int
        var name: String
        var milliseconds: Int
        var measures: SoundMeasures
    }

    private static func encodes(of song: [UInt8], _ recording: Int) throws -> [Encode] {
        try encodes.map { name, arguments in
            let file = try Tools.ffmpeg(song, ["-map", "0:a:0", "-map_metadata", "-1"] + arguments, to: name)
            let (map, measures) = try Sound(ingesting: file).found
            return Encode(recording: recording, name: name, milliseconds: Int(map.duration * 1000), measures: measures)
        }
    }

    @Test("Six encodes of each recording are one recording, and no pair is wrong")
    func encodesOfOne() async throws {
        // Two files of the corpus are one recording.
        let music = Corpus.music.filter { !$0.hasSuffix("vibe_ace.ogg") }
        if music.isEmpty { print("encodes of one recording: without SWEETSPOT_CORPUS only made-up songs are compared") }
        let files = Program.isLong ? music : Array(music.dropFirst(10).prefix(2))
        let songs = (0..<Self.count).map { $0 < files.count ? files[$0] : nil }
        let all = try await inParallel(2, Array(songs.enumerated()).map { ($0.offset, $0.element) }) { number, path in
            let song = try path.map { try bytes(of: $0) } ?? GeneratedSong(seed: UInt64(number + 1)).wav
            return try Self.encodes(of: song, number)
        }.flatMap(\.self)
        #expect(all.count == Self.count * Self.encodes.count)

        let prints = all.map(\.measures.fingerprint)
        let index = prints.map { Set($0.indexWords) }
        let comparable = Set(all.indices.filter { prints[$0].isComparable }.map { all[$0].recording })
        var (joined, missed, wrong, compared) = (0, [String](), [String](), 0)
        for one in all.indices {
            for other in all.indices where other > one {
                let (a, b) = (all[one], all[other])
                var isSame = false
                if !index[one].isDisjoint(with: index[other]) {
                    compared += 1
                    isSame = prints[one].isSameRecording(as: prints[other], lengthsDifferingBy: a.milliseconds - b.milliseconds)
                }
                if isSame, a.recording == b.recording { joined += 1 }
                if isSame, a.recording != b.recording { wrong.append("\(a.recording) \(a.name), \(b.recording) \(b.name)") }
                if !isSame, a.recording == b.recording, comparable.contains(a.recording) {
                    missed.append("\(a.recording) \(a.name), \(b.name)")
                }
            }
        }
        print(
            """
            encodes of one recording: \(Self.count) recordings, \(comparable.count) of 60 s and more, 6 encodes each: \
            \(joined) pairs joined, \(missed.count) missed, \(wrong.count) wrong, \(compared) compared
            """)
        #expect(missed.isEmpty, "\(missed)")
        #expect(wrong.isEmpty, "\(wrong)")
        #expect(joined == comparable.count * 15)
        #expect(comparable.count >= (Program.isLong && !music.isEmpty ? 50 : 4))
    }

    @Test("Encodes of one song sound alike: each is nearer to its own than to any other song")
    func features() throws {
        let songs = (1...4).map { GeneratedSong(seed: $0, seconds: 20) }
        let all = try songs.enumerated().flatMap { try Self.encodes(of: $1.wav, $0) }
        let places = Neighbours(try all.map { try #require($0.measures.features) })
        for index in all.indices {
            let nearest = try #require(places.nearest(to: index) { $0 != index })
            #expect(all[nearest].recording == all[index].recording, "\(all[index].name): \(all[nearest].name)")
        }
    }

    @Test(
        "Neighbours by sound in the corpus, with and without those of the same artist",
        .enabled(if: Corpus.isThere, "SWEETSPOT_CORPUS names no folder"))
    func neighbours() async throws {
        let found = try await inParallel(2, Corpus.music) { path in
            let name = URL(filePath: path).lastPathComponent
            return (name: name, measures: try Sound(ingesting: bytes(of: path)).measures)
        }
        let known = found.compactMap { name, measures in measures.features.map { (name, $0) } }
        #expect(known.count == found.count)
        let places = Neighbours(known.map(\.1))
        // The corpus has no artists or genres; a game's music is by one artist, or a few.
        let groups = known.map { String($0.0.split(separator: "-")[0]) }
        let sizes = Dictionary(grouping: groups) { $0 }.mapValues(\.count)
        var (same, expected, candidates) = (0, 0.0, 0)
        for index in known.indices where (sizes[groups[index]] ?? 0) > 1 {
            let nearest = try #require(places.nearest(to: index) { $0 != index })
            let filtered = try #require(places.nearest(to: index) { groups[$0] != groups[index] })
            candidates += 1
            if groups[nearest] == groups[index] { same += 1 }
            expected += Double((sizes[groups[index]] ?? 1) - 1) / Double(known.count - 1)
            print("neighbours: \(known[index].0): \(known[nearest].0); of other artists: \(known[filtered].0)")
        }
        print(
            """
            neighbours: the nearest of \(known.count) is of the same artist for \(same) of \(candidates) tracks that have one; \
            by chance \(expected.formatted(.number.precision(.fractionLength(1)))); with the artist filter none can be
            """)
        #expect(Double(same) > expected)
    }
}

/// Tracks by their features, each divided by its deviation among all.
private struct Neighbours {
    private let places: [[Double]]

    init(_ features: [SoundFeatures]) {
        let count = Double(features.count)
        let scales = (0..<SoundFeatures.count).map { place in
            let values = features.map { Double($0.values[place]) }
            let mean = values.reduce(0, +) / count
            let deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count).squareRoot()
            return (mean: mean, deviation: max(1e-9, deviation))
        }
        places = features.map { features in
            zip(features.values, scales).map { (Double($0) - $1.mean) / $1.deviation }
        }
    }

    /// The nearest to one of those that `isAllowed` allows.
    func nearest(to index: Int, _ isAllowed: (Int) -> Bool) -> Int? {
        func distance(_ other: Int) -> Double {
            zip(places[index], places[other]).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        }
        return places.indices.filter(isAllowed).min { distance($0) < distance($1) }
    }
}
