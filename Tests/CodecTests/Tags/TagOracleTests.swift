import Audio
import Foundation
import TestSupport
import Testing

@testable import Codec

/// Our readers against mutagen's, over every file of the corpus that both can read. What remains is in Decisions/Tags.md.
@Suite("Tags are what mutagen reads", .tags(.oracle), .enabled(if: Corpus.isThere, "SWEETSPOT_CORPUS names no folder"))
struct TagOracleTests {
    private static let fields = [
        "title", "artist", "artists", "albumArtist", "albumArtists", "album", "composers", "genres", "track", "trackTotal",
        "disc",
        "discTotal", "date", "year", "isCompilation", "comment", "isrc", "tempo", "moods", "discTitle",
        "titleSort", "artistSort", "albumSort", "albumArtistSort",
        "mbRecording", "mbTrack", "mbRelease", "mbReleaseGroup", "mbArtists", "mbAlbumArtists", "trackGain", "trackPeak",
        "albumGain",
        "albumPeak", "lyrics", "lyricsSynchronised", "cueSheet", "art"
    ]

    private struct Answer: Decodable {
        var path: String
        /// Nil where mutagen refuses the file.
        var fields: [String: [String]]?
    }

    private struct Count {
        var all = 0
        var equal = 0
    }

    @Test("Every field of every file in the corpus is the one that mutagen reads")
    func agreement() throws {
        var ours: [(url: URL, layout: TagLayout, fields: [String: [String]])] = []
        for path in Corpus.files(in: "conformance") + Corpus.files(in: "music") {
            let url = URL(filePath: path)
            let bytes = Array(try Data(contentsOf: url))
            guard let layout = TagLayout(url.lastPathComponent, bytes) else { continue }
            ours.append((url, layout, Self.report(try TagFile(bytes).read(layout))))
        }
        let answers = try Self.ask(ours.map { ($0.url, "\($0.layout)") })
        #expect(ours.count > 500 && answers.count == ours.count)
        var counts: [String: [String: Count]] = [:]
        var differences: [String] = []
        for (own, answer) in zip(ours, answers) {
            guard let theirs = answer.fields else { continue }
            for field in Self.fields {
                let (left, right) = (own.fields[field] ?? [], theirs[field] ?? [])
                // mutagen reads no chunks of WAV and AIFF but ID3's.
                let isBeyond = right.isEmpty && (own.layout == .wav || own.layout == .aiff)
                guard !(left.isEmpty && right.isEmpty), !isBeyond else { continue }
                counts[field, default: [:]]["\(own.layout)", default: Count()].all += 1
                if left == right {
                    counts[field, default: [:]]["\(own.layout)", default: Count()].equal += 1
                } else {
                    differences.append("\(own.url.lastPathComponent) \(field): \(left) instead of \(right)")
                }
            }
        }
        let cells = counts.values.flatMap(\.values)
        let (all, equal) = (cells.reduce(0) { $0 + $1.all }, cells.reduce(0) { $0 + $1.equal })
        let shown = Self.table(counts) + "\n\(equal) of \(all) equal\n" + differences.joined(separator: "\n")
        print(shown)
        #expect(all > 1500)
        #expect(Double(equal) >= 0.995 * Double(all), "\(shown)")
    }

    /// A line a field, a column a layout, equal of all.
    private static func table(_ counts: [String: [String: Count]]) -> String {
        let layouts = ["id3", "ape", "flac", "ogg", "mp4", "asf", "wav", "aiff"]
        let lines =
            [["field"] + layouts]
            + fields.map { field in
                [field] + layouts.map { layout in counts[field]?[layout].map { "\($0.equal)/\($0.all)" } ?? "-" }
            }
        return lines.map { line in
            line.enumerated().map { $1.padding(toLength: $0 == 0 ? 20 : 9, withPad: " ", startingAt: 0) }.joined()
        }.joined(separator: "\n")
    }

    private static func ask(_ files: [(URL, String)]) throws -> [Answer] {
        let output = try Tools.python("mutagen_tags.py", files.flatMap { [$0.0.path, $0.1] })
        return try output.split(separator: 0x0A).map { try JSONDecoder().decode(Answer.self, from: Data($0)) }
    }

    /// Our reading in the oracle's words: each field a list, empty where there is nothing.
    private static func report(_ found: FileTags) -> [String: [String]] {
        let tags = found.tags
        let texts = [
            "title": tags.title, "artist": tags.artist, "albumArtist": tags.albumArtist, "album": tags.album, "date": tags.date,
            "comment": tags.comment, "isrc": tags.isrc, "discTitle": tags.discTitle, "titleSort": tags.titleSort,
            "artistSort": tags.artistSort,
            "albumSort": tags.albumSort, "albumArtistSort": tags.albumArtistSort, "cueSheet": tags.cueSheet,
            "mbRecording": tags.musicBrainz.recording, "mbTrack": tags.musicBrainz.track, "mbRelease": tags.musicBrainz.release,
            "mbReleaseGroup": tags.musicBrainz.releaseGroup, "lyrics": tags.lyrics?.text ?? "",
            "lyricsSynchronised": tags.lyrics?.isSynchronised == true ? "1" : ""
        ]
        let numbers = [
            "track": tags.track, "trackTotal": tags.trackTotal, "disc": tags.disc, "discTotal": tags.discTotal, "year": tags.year,
            "isCompilation": tags.isCompilation ? 1 : 0, "tempo": tags.tempo
        ]
        let gains = [
            "trackGain": tags.replayGain.trackGain, "trackPeak": tags.replayGain.trackPeak,
            "albumGain": tags.replayGain.albumGain,
            "albumPeak": tags.replayGain.albumPeak
        ]
        var fields = [
            "artists": tags.artists, "albumArtists": tags.albumArtists, "composers": tags.composers, "genres": tags.genres,
            "moods": tags.moods,
            "mbArtists": tags.musicBrainz.artists, "mbAlbumArtists": tags.musicBrainz.albumArtists
        ]
        for (name, text) in texts where !text.isEmpty { fields[name] = [text] }
        for (name, number) in numbers where number != 0 { fields[name] = ["\(number)"] }
        for (name, gain) in gains { fields[name] = gain.map { [String(format: "%.4f", $0)] } }
        if let picture = found.art?.picture {
            fields["art"] = ["\(picture.format.rawValue) \(picture.width)x\(picture.height) \(picture.bytes)"]
        }
        return fields
    }
}
