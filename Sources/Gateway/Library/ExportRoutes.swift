import Audio
import Foundation
import HTTPTypes
import Hummingbird
import Locker
import NIOCore
import Originals
import Packaging
import Streaming

/// `/api/v1/me/export`: everything of an account in one ZIP archive, made while it is read.
///
/// `music/` has the Originals by artist and album, `playlists/` M3U8 files that refer to them, and the rules of smart playlists;
/// `tracks.json`, `history.json`, `skips.json`, `taste.json`, `hidden.json`, `offers.json`, `scrobbling.json` and `account.json` have the
/// API's documents.
struct ExportRoutes: Sendable {
    private static let piece = 256 << 10

    let catalogue: Catalogue
    let originals: any OriginalStore
    let engine: StreamEngine

    func add(to routes: inout Routes) {
        routes.resource("/api/v1/me/export", [.read(.admin, OpenAPI.Accounts.export, export)])
    }

    @Sendable private func export(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let account = try context.account
        guard let owner = try await catalogue.account(id: account) else { throw Problem.unauthorised }
        let form = TrackDocument.Form(offered: context.plan.offered, fingerprint: try await engine.knownFingerprint())
        let day = TrackDocument.timestamp(milliseconds: Int(Date.now.timeIntervalSince1970 * 1000)).prefix(10)
        let headers: HTTPFields = [
            .contentType: "application/zip", .cacheControl: "no-store",
            .contentDisposition: contentDisposition(title: "sweetspot \(owner.name) \(day)", fileExtension: "zip")
        ]
        if request.method == .head { return Response(status: .ok, headers: headers, body: .withheld(length: nil)) }
        let body = ResponseBody { writer in
            var archive = Archive(writer: writer, channel: context.channel)
            try await archive.add("account.json", [UInt8](try JSONEncoder.gateway.encode(AccountRecord(owner))))
            var names = ExportNames()
            try await archive.begin("tracks.json", size: nil, at: owner.created)
            try await archive.array { write in
                try await pages {
                    try await catalogue.tracks(account: account, sort: .added, after: $0, limit: 500)
                } _: { track in
                    names.note(track)
                    try await write(TrackDocument(track, form))
                }
            }
            try await archive.begin("history.json", size: nil, at: owner.created)
            try await archive.array { write in
                try await pages {
                    try await catalogue.history(account: account, after: $0, limit: 500)
                } _: { play in
                    try await write(
                        PlayRecord(
                            at: play.at, track: play.track.id, stopped: play.stopped, heard: play.heard, source: play.source))
                }
            }
            try await archive.begin("skips.json", size: nil, at: owner.created)
            try await archive.array { write in
                try await pages {
                    try await catalogue.skips(account: account, after: $0, limit: 500)
                } _: { skip in
                    try await write(
                        PlayRecord(at: skip.at, track: skip.track, stopped: nil, heard: skip.heard, source: skip.source))
                }
            }
            try await archive.begin("taste.json", size: nil, at: owner.created)
            try await archive.array { write in
                for row in try await catalogue.tasteRows(account: account) { try await write(TasteRecord(row: row)) }
            }
            try await archive.begin("hidden.json", size: nil, at: owner.created)
            try await archive.array { write in
                try await pages {
                    try await catalogue.hiddenItems(account: account, after: $0, limit: 500)
                } _: { item in
                    try await write(HiddenDocument(item))
                }
            }
            let ties = try await catalogue.scrobblers(account: account).map(TieRecord.init)
            try await archive.add("scrobbling.json", [UInt8](try JSONEncoder.gateway.encode(ties)))
            if let offers = try await catalogue.offers(account: account) {
                try await archive.add("offers.json", [UInt8](try JSONEncoder.gateway.encode(OfferRecord(offers))))
            }
            try await pages {
                try await catalogue.playlists(account: account, after: $0, limit: 500)
            } _: { playlist in
                if let rules = playlist.rules {
                    let file = RulesRecord(name: playlist.name, comment: playlist.comment, rules: rules)
                    return try await archive.add(
                        names.unique("playlists/\(FileName.portable(playlist.name))", "nsp"),
                        [UInt8](try JSONEncoder.gateway.encode(file.json)))
                }
                var text = "#EXTM3U\n#PLAYLIST:\(M3U.line(playlist.name))\n"
                try await pages {
                    try await catalogue.tracks(ofPlaylist: playlist.id, account: account, after: $0, limit: 500)
                        ?? Page(items: [])
                } _: { track in
                    if let name = names[track.id] { text += "../\(name)\n" }
                }
                try await archive.add(names.unique("playlists/\(FileName.portable(playlist.name))", "m3u8"), Array(text.utf8))
            }
            try await pages {
                try await catalogue.tracks(account: account, sort: .added, after: $0, limit: 500)
            } _: { track in
                guard let name = names[track.id] else { return }
                try await archive.begin(name, size: track.bytes, at: track.added)
                var offset = 0
                while offset < track.bytes {
                    let piece = offset..<min(offset + Self.piece, track.bytes)
                    try await archive.write(try await originals.read(piece, of: .original, original: track.hash))
                    offset = piece.upperBound
                }
                try await archive.end()
            }
            try await archive.finish()
        }
        return Response(status: .ok, headers: headers, body: body)
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
            created = TrackDocument.timestamp(milliseconds: account.created)
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
                text.value(TrackDocument.timestamp(milliseconds: at))
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
    private struct TieRecord: Encodable {
        var service: String
        var name: String
        var since: String
        var sent: Int
        var waiting: Int

        init(_ tie: Scrobbler) {
            (service, name) = (tie.service.rawValue, tie.name)
            (since, sent, waiting) = (TrackDocument.timestamp(milliseconds: tie.since), tie.sent, tie.waiting)
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
                text.value(TrackDocument.timestamp(milliseconds: row.at))
            }
        }
    }
}
