import Audio
import Foundation
import Locker
import Originals
import Packaging

/// Everything of an account as the files of an archive, read a page of rows at a time.
struct AccountExport {
    let owner: Account
    let form: TrackDocument.Form
    let catalogue: Catalogue
    let originals: any OriginalStore

    @concurrent func write(to archive: inout Archive) async throws {
        try await archive.add("account.json", json(AccountRecord(owner)))
        var names = try await writeTracks(to: &archive)
        try await writePlays(to: &archive)
        try await writeTaste(to: &archive)
        let scrobblers = try await catalogue.scrobblers(account: owner.id).map(ScrobblerRecord.init)
        try await archive.add("scrobbling.json", json(scrobblers))
        if let offers = try await catalogue.offers(account: owner.id) {
            try await archive.add("offers.json", json(OfferRecord(offers)))
        }
        try await pages {
            try await catalogue.playlists(account: owner.id, after: $0, limit: 500)
        } _: { playlist in
            try await write(playlist, &names, to: &archive)
        }
        try await pages {
            try await catalogue.tracks(account: owner.id, sort: .added, after: $0, limit: 500)
        } _: { track in
            if let name = names[track.id] { try await archive.add(track, as: name, from: originals) }
        }
        try await archive.finish()
    }

    private func json(_ document: some Encodable) throws -> [UInt8] { [UInt8](try JSONEncoder.gateway.encode(document)) }

    /// Gives the names that the tracks' originals have in the archive.
    @concurrent private func writeTracks(to archive: inout Archive) async throws -> ExportNames {
        var names = ExportNames()
        try await write("tracks.json", to: &archive) {
            try await catalogue.tracks(account: owner.id, sort: .added, after: $0, limit: 500)
        } _: { track in
            names.note(track)
            return TrackDocument(track, form)
        }
        return names
    }

    @concurrent private func writePlays(to archive: inout Archive) async throws {
        try await write("history.json", to: &archive) {
            try await catalogue.history(account: owner.id, after: $0, limit: 500)
        } _: { play in
            PlayRecord(at: play.at, track: play.track.id, stopped: play.stopped, heard: play.heard, source: play.source)
        }
        try await write("skips.json", to: &archive) {
            try await catalogue.skips(account: owner.id, after: $0, limit: 500)
        } _: { skip in
            PlayRecord(at: skip.at, track: skip.track, stopped: nil, heard: skip.heard, source: skip.source)
        }
    }

    @concurrent private func writeTaste(to archive: inout Archive) async throws {
        try await archive.array("taste.json", at: owner.created) { write in
            for row in try await catalogue.tasteRows(account: owner.id) { try await write(TasteRecord(row: row)) }
        }
        try await write("hidden.json", to: &archive) {
            try await catalogue.hiddenItems(account: owner.id, after: $0, limit: 500)
        } _: { item in
            HiddenDocument(item)
        }
    }

    /// A file with a record of every item of a list.
    @concurrent private func write<Item>(
        _ name: String, to archive: inout Archive, _ page: @concurrent (String?) async throws -> Page<Item>,
        _ record: (Item) -> any JSONWritable
    ) async throws {
        try await archive.array(name, at: owner.created) { write in
            try await pages(page) { try await write(record($0)) }
        }
    }

    /// The rules of a smart playlist; of another one an M3U8 file that refers to the originals.
    @concurrent private func write(_ playlist: Playlist, _ names: inout ExportNames, to archive: inout Archive) async throws {
        let name = "playlists/\(FileName.portable(playlist.name))"
        if let rules = playlist.rules {
            let file = RulesRecord(name: playlist.name, comment: playlist.comment, rules: rules)
            return try await archive.add(names.unique(name, "nsp"), json(file.json))
        }
        var text = "#EXTM3U\n#PLAYLIST:\(M3U.line(playlist.name))\n"
        try await pages {
            try await catalogue.tracks(ofPlaylist: playlist.id, account: owner.id, after: $0, limit: 500) ?? Page(items: [])
        } _: { track in
            if let name = names[track.id] { text += "../\(name)\n" }
        }
        try await archive.add(names.unique(name, "m3u8"), Array(text.utf8))
    }

    /// Every item of a list, page by page.
    @concurrent private func pages<Item>(
        _ page: @concurrent (String?) async throws -> Page<Item>, _ body: @concurrent (Item) async throws -> Void
    ) async throws {
        var after: String?
        repeat {
            let page = try await page(after)
            for item in page.items { try await body(item) }
            after = page.next
        } while after != nil
    }

    private struct AccountRecord: Encodable {
        var name: String
        var plan: String
        var created: String

        init(_ account: Account) {
            name = account.name
            plan = account.plan
            created = Timestamp.text(milliseconds: account.created)
        }
    }

    private struct OfferRecord: Encodable {
        struct Shown: Encodable {
            var day: String
            var offer: String
            var clicked: Bool
        }

        var enabled: Bool
        var shown: [Shown]
        var dismissed: [String]

        init(_ state: OfferState) {
            enabled = state.isOn
            shown = state.shown.sorted { $0.key < $1.key }.map { day, offer in
                Shown(day: CalendarDay.text(day), offer: offer.id, clicked: offer.isClicked)
            }
            dismissed = state.dismissed.sorted()
        }
    }

    /// A smart playlist as its file has it.
    private struct RulesRecord {
        var name: String
        var comment: String
        var rules: SmartRules

        var json: SmartJSON {
            guard case .object(var members) = rules.json else { return rules.json }
            members["name"] = .text(name)
            if !comment.isEmpty { members["comment"] = .text(comment) }
            return .object(members)
        }
    }

    private struct PlayRecord: JSONWritable {
        var at: Int
        var track: String
        /// Milliseconds.
        var stopped: Int?
        /// Milliseconds.
        var heard: Int?
        var source: PlaySource

        func write(to text: inout JSONText) {
            text.object { text in
                text.key("at")
                text.value(Timestamp.text(milliseconds: at))
                text.key("track")
                text.value(track)
                text.key("stopped")
                text.value(stopped.map { Double($0) / 1000 })
                text.key("heard")
                text.value(heard.map { Double($0) / 1000 })
                text.key("source")
                text.value(source.name)
            }
        }
    }

    /// A service that is told of plays, without the token.
    private struct ScrobblerRecord: Encodable {
        var service: String
        var name: String
        var since: String
        var sent: Int
        var waiting: Int

        init(_ scrobbler: Scrobbler) {
            (service, name) = (scrobbler.service.rawValue, scrobbler.name)
            (since, sent, waiting) = (Timestamp.text(milliseconds: scrobbler.since), scrobbler.sent, scrobbler.waiting)
        }
    }

    private struct TasteRecord: JSONWritable {
        var row: TasteRow

        func write(to text: inout JSONText) {
            text.object { text in
                text.key("track")
                text.value(row.track)
                text.key("weight")
                text.value(row.weight)
                text.key("at")
                text.value(Timestamp.text(milliseconds: row.at))
            }
        }
    }
}
