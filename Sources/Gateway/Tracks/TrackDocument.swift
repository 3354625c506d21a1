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

    /// What the documents of one answer have in common.
    struct Form: Sendable {
        var fields = TrackFields.all
        /// The renditions of the account's plan.
        var offered: Set<Rendition>
        /// The workers', which the renditions' entity tags carry; nil only if `fields` have no renditions.
        var fingerprint: RenderFingerprint?
    }

    let track: Track
    private let fields: TrackFields
    private let renditions: [RenditionLink]
    /// Ladders that are offered in segments.
    private let ladders: [Ladder]

    init(_ track: Track, _ form: Form) {
        (self.track, fields) = (track, form.fields)
        guard form.fields.haveLadders, let source = track.source else {
            (renditions, ladders) = ([], [])
            return
        }
        let rungs = source.offeredRungs(bitrate: track.bitrate).filter(form.offered.contains)
        ladders = Ladder.inOrder.filter { ladder in rungs.contains { $0.ladder == ladder && source.hasSegments(of: $0) } }
        guard form.fields.haveRenditions, let fingerprint = form.fingerprint else {
            renditions = []
            return
        }
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

    func write(to text: inout JSONText) {
        text.object { text in writeMembers(to: &text) }
    }

    /// The members alone, for a document that has more.
    func writeMembers(to text: inout JSONText) { for member in fields.members { write(member, to: &text) } }

    private func write(_ member: TrackMember, to text: inout JSONText) {
        switch member {
        case .added: text.member("added", Timestamp.text(milliseconds: track.added))
        case .album: text.member("album", track.album)
        case .albumArtist: text.member("albumArtist", track.albumArtist)
        case .albumArtists: text.credits("albumArtists", track.albumArtists)
        case .albumId: text.member("albumId", track.albumID)
        case .art: text.member("art", track.artURL)
        case .artist: text.member("artist", track.artist)
        case .artistId: text.member("artistId", track.artistID)
        case .artists: text.credits("artists", track.artists)
        case .bitrate: text.number("bitrate", track.bitrate)
        case .bytes: text.number("bytes", track.bytes)
        case .channels: text.number("channels", track.channels)
        case .codec: text.member("codec", track.codec)
        case .compact: text.flag("compact", track.isCompact)
        case .container: text.member("container", track.container)
        case .dash: links("dash", "mpd", &text)
        case .disc: text.number("disc", track.disc == 0 ? nil : track.disc)
        case .duration: text.measure("duration", track.duration)
        case .favourite: text.member("favourite", track.marks.favouriteText)
        case .genres: text.list("genres", track.genres)
        case .hls: links("hls", "m3u8", &text)
        case .id: text.member("id", track.id)
        case .loudness: write(track.loudness, to: &text)
        case .original: text.member("original", track.originalPath + "?v=\(EntityTag.original(track.hash).prefix(8))")
        case .rating: text.number("rating", track.marks.rating)
        case .renditions: writeRenditions(to: &text)
        case .sampleRate: text.number("sampleRate", track.sampleRate)
        case .samples: text.number("samples", track.samples)
        case .sha256: text.member("sha256", track.hash.hex)
        case .title: text.member("title", track.title)
        case .track: text.number("track", track.track == 0 ? nil : track.track)
        case .warnings: text.list("warnings", track.warnings)
        case .year: text.number("year", track.year == 0 ? nil : track.year)
        }
    }

    private func writeRenditions(to text: inout JSONText) {
        text.key("renditions")
        text.array { text in for rendition in renditions { rendition.write(to: &text) } }
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
                text.value(Self.rounded(value))
            }
        }
    }

    /// Decibels to a hundredth, which is more than anyone can hear or any standard requires.
    static func rounded(_ decibels: Double) -> Double { (decibels * 100).rounded() / 100 }

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
    mutating func member(_ name: StaticString, _ value: String?) {
        key(name)
        self.value(value)
    }

    fileprivate mutating func number(_ name: StaticString, _ value: Int?) {
        key(name)
        self.value(value)
    }

    fileprivate mutating func flag(_ name: StaticString, _ value: Bool) {
        key(name)
        self.value(value)
    }

    fileprivate mutating func measure(_ name: StaticString, _ value: Double) {
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
