import Audio
import Hummingbird

/// The members of a track's document, in the order in which they are written: that of their names, as in every other document.
enum TrackMember: String, CaseIterable, Sendable {
    case added, album, albumArtist, albumArtists, albumId, art, artist, artistId, artists, bitrate, bytes, channels, codec
    case compact, container, dash, disc, duration, favourite, genres, hls, id, loudness, original, rating, renditions
    case sampleRate, samples, sha256, title, track, warnings, year
}

/// The members of track documents that a request asks for.
struct TrackFields: Sendable {
    /// Bytes of the longest list of names.
    static let longest = 1000
    static let all = TrackFields(members: TrackMember.allCases)

    /// Each once, in their order.
    let members: [TrackMember]

    /// Whether the members tell which renditions there are.
    var haveLadders: Bool { members.contains { [.dash, .hls, .renditions].contains($0) } }
    var haveRenditions: Bool { members.contains(.renditions) }
}

extension TrackFields {
    /// - Parameter text: names of members with commas between them.
    /// - Throws: 400 if one is not the name of a member.
    init(_ text: Substring) throws(Problem) {
        guard text.utf8.count <= Self.longest else {
            throw .badRequest("fields must have at most \(Self.longest) bytes")
        }
        var wanted: Set<TrackMember> = []
        for name in text.pieces(at: ",", omittingEmpty: false) {
            guard let member = TrackMember(rawValue: String(name)) else {
                let known = TrackMember.allCases.map(\.rawValue).joined(separator: ", ")
                throw .badRequest("fields must be some of these, with commas between them: \(known)")
            }
            wanted.insert(member)
        }
        members = TrackMember.allCases.filter(wanted.contains)
    }
}

extension Request {
    /// `?fields=`, or all members.
    var trackFields: TrackFields {
        get throws(Problem) {
            guard let text = uri.queryParameters["fields"] else { return .all }
            return try TrackFields(text)
        }
    }
}
