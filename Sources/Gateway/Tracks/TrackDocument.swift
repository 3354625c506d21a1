import Audio
import Foundation
import Locker
import Packaging

/// A track as the API shows it.
struct TrackDocument: JSONWritable {
    struct RenditionLink {
        var name: String
        var ladder: String
        /// Exact length of the Stream; nil, shown as null, if there is no Stream.
        var bytes: Int?
        var etag: String
        var type: String
        var url: String
    }

    let track: Track
    let renditions: [RenditionLink]
    /// Ladders that are offered in segments.
    private let ladders: [Ladder]

    /// - Parameter fingerprint: the workers', which every entity tag carries.
    init(_ track: Track, offered: Set<Rendition>, fingerprint: RenderFingerprint) {
        self.track = track
        guard let source = track.source else {
            renditions = []
            ladders = []
            return
        }
        let rungs = source.offeredRungs(bitrate: track.bitrate).filter(offered.contains)
        ladders = Ladder.inOrder.filter { ladder in rungs.contains { $0.ladder == ladder && source.hasSegments(of: $0) } }
        let tags = EntityTag.streams(original: track.hash, renditions: rungs, fingerprint: fingerprint)
        renditions = zip(rungs, tags).compactMap { rendition, etag in
            guard let grid = FrameGrid(rendition, source: source, samples: track.samples) else { return nil }
            return RenditionLink(
                name: rendition.name, ladder: rendition.ladder.rawValue,
                bytes: StreamLayout.length(of: grid), etag: etag,
                type: rendition.ladder.progressive?.mediaType ?? HLSPlaylist.mediaType,
                url: track.path(of: rendition) + "?v=\(etag.prefix(8))")
        }
    }

    /// Its members in the order of their names, as in every other document.
    func write(to text: inout JSONText) {
        text.object { text in
            text.member("added", Self.timestamp(milliseconds: track.added))
            text.member("album", track.album)
            text.member("albumArtist", track.albumArtist)
            text.credits("albumArtists", track.albumArtists)
            text.member("albumId", track.albumID)
            text.member("art", track.artURL)
            text.member("artist", track.artist)
            text.member("artistId", track.artistID)
            text.credits("artists", track.artists)
            text.number("bitrate", track.bitrate)
            text.number("bytes", track.bytes)
            text.number("channels", track.channels)
            text.member("codec", track.codec)
            text.key("compact")
            text.value(track.isCompact)
            text.member("container", track.container)
            links("dash", "mpd", &text)
            text.number("disc", track.disc == 0 ? nil : track.disc)
            text.key("duration")
            text.value(track.duration)
            text.member("favourite", track.marks.favouriteText)
            text.list("genres", track.genres)
            links("hls", "m3u8", &text)
            text.member("id", track.id)
            write(track.loudness, to: &text)
            text.member("original", track.originalPath + "?v=\(EntityTag.original(track.hash).prefix(8))")
            text.number("rating", track.marks.rating)
            text.key("renditions")
            text.array { text in for rendition in renditions { rendition.write(to: &text) } }
            text.number("sampleRate", track.sampleRate)
            text.number("samples", track.samples)
            text.member("sha256", track.hash.hex)
            text.member("title", track.title)
            text.number("track", track.track == 0 ? nil : track.track)
            text.list("warnings", track.warnings)
            text.number("year", track.year == 0 ? nil : track.year)
        }
    }

    /// Loudness in LUFS, true peak in dBTP and range in LU.
    private func write(_ loudness: SoundMeasures.Loudness?, to text: inout JSONText) {
        text.key("loudness")
        guard let loudness else { return text.value(nil as String?) }
        text.object { text in
            for (name, value) in [
                ("integrated" as StaticString, loudness.integrated), ("range", loudness.range), ("truePeak", loudness.truePeak)
            ] {
                text.key(name)
                // A hundredth of a decibel is more than anyone can hear or any standard requires.
                text.value((value * 100).rounded() / 100)
            }
        }
    }

    /// The ladders that are offered in segments, each with its playlist.
    private func links(_ name: StaticString, _ fileExtension: String, _ text: inout JSONText) {
        text.key(name)
        text.object { text in
            for ladder in ladders {
                text.key(ladder.key)
                text.value("/\(name)/\(track.id)/\(ladder.rawValue).\(fileExtension)")
            }
        }
    }

    private static let timestampStyle = Date.ISO8601FormatStyle(includingFractionalSeconds: true)

    /// RFC 3339 with milliseconds, in UTC.
    static func timestamp(milliseconds: Int) -> String {
        Date(timeIntervalSince1970: Double(milliseconds) / 1000).formatted(timestampStyle)
    }
}

extension TrackDocument.RenditionLink {
    fileprivate func write(to text: inout JSONText) {
        text.object { text in
            text.key("bytes")
            text.value(bytes)
            for (name, value) in [
                ("etag" as StaticString, etag), ("ladder", ladder), ("name", name), ("type", type), ("url", url)
            ] {
                text.key(name)
                text.value(value)
            }
        }
    }
}

extension Ladder {
    /// By name.
    fileprivate static let inOrder = allCases.sorted { $0.rawValue < $1.rawValue }

    fileprivate var key: StaticString {
        switch self {
        case .mp3: "mp3"
        case .opus: "opus"
        case .aac: "aac"
        case .flac: "flac"
        }
    }
}

extension Track {
    /// The format for availability and the frame grid; nil if the row names a codec that this version does not know.
    var source: SourceFormat? {
        SourceCodec(rawValue: codec).map { SourceFormat(codec: $0, sampleRate: sampleRate, channels: channels) }
    }

    /// The URL of the rendition: its Stream, or its media playlist if it has no Stream.
    func path(of rendition: Rendition) -> String {
        rendition.ladder.progressive.map { "/stream/\(id)/\(rendition.name).\($0.fileExtension)" }
            ?? "/hls/\(id)/\(rendition.name)/index.m3u8"
    }

    var artPath: String { "/art/\(id)" }

    var originalPath: String {
        "/stream/\(id)/original.\(OriginalType(container: container, codec: codec).fileExtensions[0])"
    }
}

extension JSONText {
    fileprivate mutating func member(_ name: StaticString, _ value: String?) {
        key(name)
        self.value(value)
    }

    fileprivate mutating func number(_ name: StaticString, _ value: Int?) {
        key(name)
        self.value(value)
    }

    fileprivate mutating func list(_ name: StaticString, _ values: [String]) {
        key(name)
        array { text in for value in values { text.value(value) } }
    }

    fileprivate mutating func credits(_ name: StaticString, _ credits: [Credit]) {
        key(name)
        array { text in
            for credit in credits {
                text.object { text in
                    text.key("id")
                    text.value(credit.id)
                    text.key("name")
                    text.value(credit.name)
                }
            }
        }
    }
}
