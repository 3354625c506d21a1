import Audio
import Foundation
import Locker
import Packaging

/// A track as the API shows it.
struct TrackDocument: Encodable {
    struct RenditionLink: Encodable {
        var name: String
        var ladder: String
        /// Exact length of the Stream; nil, shown as null, where there is none.
        @Nullable var bytes: Int?
        var etag: String
        var type: String
        var url: String
    }

    struct LoudnessDocument: Encodable {
        /// LUFS.
        var integrated: Double
        /// dBTP.
        var truePeak: Double
        /// LU.
        var range: Double

        init(_ loudness: SoundMeasures.Loudness) {
            // A hundredth of a decibel is more than anybody can hear or any standard asks for.
            func rounded(_ value: Double) -> Double { (value * 100).rounded() / 100 }
            integrated = rounded(loudness.integrated)
            truePeak = rounded(loudness.truePeak)
            range = rounded(loudness.range)
        }
    }

    enum CodingKeys: String, CodingKey {
        case id, title, artist, albumArtist, album, albumId, artistId, track, disc, year, genres, duration, samples, sampleRate
        case channels, codec, container, bitrate, bytes, sha256, added, loudness, warnings, compact, art, renditions, hls, dash
        case original
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
        ladders = Ladder.allCases.filter { ladder in rungs.contains { $0.ladder == ladder && source.hasSegments(of: $0) } }
        renditions = rungs.compactMap { rendition in
            guard let grid = FrameGrid(rendition, source: source, samples: track.samples) else { return nil }
            let etag = EntityTag.stream(original: track.hash, rendition: rendition, fingerprint: fingerprint)
            return RenditionLink(
                name: rendition.name, ladder: rendition.ladder.rawValue,
                bytes: StreamLayout(grid: grid, tags: TrackTags(), original: track.hash)?.length, etag: etag,
                type: rendition.ladder.progressive?.mediaType ?? HLSPlaylist.mediaType,
                url: track.path(of: rendition) + "?v=\(etag.prefix(8))")
        }
    }

    func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(track.id, forKey: .id)
        try values.encode(track.title, forKey: .title)
        try values.encode(track.artist, forKey: .artist)
        try values.encode(track.albumArtist, forKey: .albumArtist)
        try values.encode(track.album, forKey: .album)
        try values.encode(track.albumID, forKey: .albumId)
        try values.encode(track.artistID, forKey: .artistId)
        try values.encode(track.track == 0 ? nil : track.track, forKey: .track)
        try values.encode(track.disc == 0 ? nil : track.disc, forKey: .disc)
        try values.encode(track.year == 0 ? nil : track.year, forKey: .year)
        try values.encode(track.genres, forKey: .genres)
        try values.encode(track.duration, forKey: .duration)
        try values.encode(track.samples, forKey: .samples)
        try values.encode(track.sampleRate, forKey: .sampleRate)
        try values.encode(track.channels, forKey: .channels)
        try values.encode(track.codec, forKey: .codec)
        try values.encode(track.container, forKey: .container)
        try values.encode(track.bitrate, forKey: .bitrate)
        try values.encode(track.bytes, forKey: .bytes)
        try values.encode(track.hash.hex, forKey: .sha256)
        try values.encode(Self.timestamp(milliseconds: track.added), forKey: .added)
        try values.encode(track.loudness.map(LoudnessDocument.init), forKey: .loudness)
        try values.encode(track.warnings, forKey: .warnings)
        try values.encode(track.isCompact, forKey: .compact)
        try values.encode(track.art.map { track.artPath + "?v=\(EntityTag.original($0.hash).prefix(8))" }, forKey: .art)
        try values.encode(renditions, forKey: .renditions)
        try values.encode(links { "/hls/\(track.id)/\($0).m3u8" }, forKey: .hls)
        try values.encode(links { "/dash/\(track.id)/\($0).mpd" }, forKey: .dash)
        let originalTag = EntityTag.original(track.hash)
        try values.encode(track.originalPath + "?v=\(originalTag.prefix(8))", forKey: .original)
    }

    private func links(_ path: (String) -> String) -> [String: String] {
        Dictionary(uniqueKeysWithValues: ladders.map { ($0.rawValue, path($0.rawValue)) })
    }

    /// RFC 3339 with milliseconds, in UTC.
    static func timestamp(milliseconds: Int) -> String {
        Date(timeIntervalSince1970: Double(milliseconds) / 1000)
            .formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }
}

extension Track {
    /// What decides availability and the frame grid; nil where the row names a codec this version does not know.
    var source: SourceFormat? {
        SourceCodec(rawValue: codec).map { SourceFormat(codec: $0, sampleRate: sampleRate, channels: channels) }
    }

    /// Where the rendition is served: its Stream, or its media playlist where it has none.
    func path(of rendition: Rendition) -> String {
        rendition.ladder.progressive.map { "/stream/\(id)/\(rendition.name).\($0.fileExtension)" }
            ?? "/hls/\(id)/\(rendition.name)/index.m3u8"
    }

    var artPath: String { "/art/\(id)" }

    var originalPath: String {
        "/stream/\(id)/original.\(OriginalType(container: container, codec: codec).fileExtensions[0])"
    }
}
