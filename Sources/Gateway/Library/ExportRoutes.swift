import HTTPTypes
import Hummingbird
import Locker
import Originals
import Streaming

/// `/api/v1/me/export`: everything of an account in one ZIP archive, made while it is read.
///
/// `music/` has the Originals by artist and album, `playlists/` M3U8 files that refer to them, and the rules of smart playlists;
/// `tracks.json`, `history.json`, `skips.json`, `taste.json`, `hidden.json`, `offers.json`, `scrobbling.json` and `account.json` have the
/// API's documents.
struct ExportRoutes: Sendable {
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
        let day = CalendarDay.text(CalendarDay.containing(catalogue.time))
        let headers: HTTPFields = [
            .contentType: "application/zip", .cacheControl: "no-store",
            .contentDisposition: contentDisposition(title: "sweetspot \(owner.name) \(day)", fileExtension: "zip")
        ]
        if request.method == .head { return Response(status: .ok, headers: headers, body: .withheld(length: nil)) }
        let body = ResponseBody { writer in
            var archive = Archive(writer: writer, channel: context.channel)
            try await AccountExport(owner: owner, form: form, catalogue: catalogue, originals: originals).write(to: &archive)
        }
        return Response(status: .ok, headers: headers, body: body)
    }
}
