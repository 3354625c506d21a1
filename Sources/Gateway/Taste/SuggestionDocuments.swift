import Locker

/// Why something is suggested.
struct SuggestionReason: Sendable, Hashable {
    enum Kind: String, Sendable {
        case track, artist, sound, session, genre
    }

    var kind: Kind
    /// The id of the track or the artist; nil for a genre.
    var id: String?
    var title: String

    func write(to text: inout JSONText) {
        text.object { text in
            text.key("id")
            text.value(id)
            text.key("kind")
            text.value(kind.rawValue)
            text.key("title")
            text.value(title)
        }
    }
}

/// Something that is suggested: a track of the account's own, or one that others have.
struct SuggestedItem: Sendable {
    /// By which it can be hidden: the track's id, or that of a recording which the account does not own.
    var item: String
    /// Nil if the account does not own it.
    var track: Track?
    var recording: Int64?
    var title: String
    var artist: String
    var album: String
    /// At most three, the strongest first.
    var reasons: [SuggestionReason]
}

/// The suggestions of one day.
struct SuggestedList: Sendable {
    enum Basis: String, Sendable {
        /// What others who like the same like too.
        case listeners
        /// The account's own library, history and sound.
        case library
    }

    var isEnabled: Bool
    /// By the server's clock, in UTC: 2026-11-30.
    var day: String
    /// Nil without items.
    var basis: Basis?
    var items: [SuggestedItem] = []
}

struct SuggestionsDocument: JSONWritable {
    var list: SuggestedList
    var form: TrackDocument.Form

    func write(to text: inout JSONText) {
        text.object { text in
            text.key("basis")
            text.value(list.basis?.rawValue)
            text.key("day")
            text.value(list.day)
            text.key("enabled")
            text.value(list.isEnabled)
            text.key("items")
            text.array { text in
                for item in list.items {
                    text.object { text in
                        text.member("album", item.album)
                        text.member("artist", item.artist)
                        text.member("item", item.item)
                        text.key("reasons")
                        text.array { text in for reason in item.reasons { reason.write(to: &text) } }
                        text.member("title", item.title)
                        text.key("track")
                        if let track = item.track {
                            TrackDocument(track, form).write(to: &text)
                        } else {
                            text.value(nil as String?)
                        }
                    }
                }
            }
        }
    }
}

struct RadioDocument: JSONWritable {
    var items: [(track: Track, reasons: [SuggestionReason])]
    var form: TrackDocument.Form

    func write(to text: inout JSONText) {
        text.object { text in
            text.key("items")
            text.array { text in
                for item in items {
                    text.object { text in
                        text.key("reasons")
                        text.array { text in for reason in item.reasons { reason.write(to: &text) } }
                        text.key("track")
                        TrackDocument(item.track, form).write(to: &text)
                    }
                }
            }
        }
    }
}
