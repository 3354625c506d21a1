import Audio
import Locker

/// A playlist as the API shows it.
struct PlaylistDocument: Encodable {
    var id: String
    var name: String
    var tracks: Int
    /// Seconds.
    var duration: Double
    var created: String
    var changed: String
    @Nullable var rules: SmartJSON?

    init(_ playlist: Playlist) {
        id = playlist.id
        name = playlist.name
        tracks = playlist.tracks
        duration = playlist.duration
        created = Timestamp.text(milliseconds: playlist.created)
        changed = Timestamp.text(milliseconds: playlist.changed)
        rules = playlist.rules?.json
    }
}

/// What rules can ask of tracks, so that an editor needs no table of its own.
struct RuleFieldsDocument: Encodable {
    struct Field: Encodable {
        var name: String
        var kind: String
        var operators: [String]
    }

    let fields = SmartField.allCases.map { field in
        Field(
            name: field.rawValue, kind: field.kind.rawValue,
            operators: SmartOperator.all(for: field.kind).map(\.rawValue))
    }
}

/// What a client asks of a playlist: tracks, or rules, as `rules` or as the members of an `.nsp` file.
struct PlaylistRequest {
    var name: PlainText?
    var tracks: [PlainText]?
    var rules: SmartJSON?
}

extension PlaylistRequest: Decodable {
    private enum Member: String, CodingKey, CaseIterable {
        case name, tracks, rules, all, any, sort, order, limit

        static let ofFile: [Member] = [.all, .any, .sort, .order, .limit]
    }

    /// Whether a body asks for rules, which are not looked at.
    struct Kind: Decodable {
        var hasRules: Bool

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Member.self)
            hasRules = [.rules, .all, .any].contains { container.contains($0) }
        }
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Member.self)
        name = try container.decodeIfPresent(PlainText.self, forKey: .name)
        tracks = try container.decodeIfPresent([PlainText].self, forKey: .tracks)
        rules = try container.decodeIfPresent(SmartJSON.self, forKey: .rules)
        guard rules == nil, container.contains(.all) || container.contains(.any) else { return }
        var members: [String: SmartJSON] = [:]
        for member in Member.ofFile {
            members[member.rawValue] = try container.decodeIfPresent(SmartJSON.self, forKey: member)
        }
        rules = .object(members)
    }
}
