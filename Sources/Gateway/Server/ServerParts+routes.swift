import Hummingbird
import Locker
import Logging
import NIOPosix

/// The routes of a server, and the values that are made with them.
struct ServerRoutes {
    var routes: Routes
    let hot: HotMedia
    /// Opens `/setup`; nil if an account can log in.
    var setupCode: String?
}

extension ServerParts {
    /// - Parameter further: adds more routes, before the API's description is made from all of them.
    func makeRoutes(adding further: (inout Routes, Media) throws -> Void) async throws -> ServerRoutes {
        let plans = try await plans()
        var routes = Routes(
            credentials: Authentication.readers(
                configuration.access, account: account, catalogue: catalogue, plans: plans, key: ticketKey),
            middleware: middleware)
        StatusRoutes(metrics: metrics, imports: imports).add(to: &routes)
        let media = makeMedia()
        MediaRoutes(media: media).add(to: &routes)
        SegmentRoutes(media: media).add(to: &routes)
        let uploads = UploadRoutes(
            catalogue: catalogue, intake: intake, engine: engine, checks: checks,
            reception: UploadReception(speed: configuration.uploadSpeed), limit: configuration.uploadLimit.bytes)
        uploads.add(to: &routes)
        TrackRoutes(catalogue: catalogue, engine: engine, ticketKey: ticketKey, uploads: uploads).add(to: &routes)
        SoundRoutes(catalogue: catalogue, originals: store, measuresVersion: configuration.measuresVersion).add(to: &routes)
        let grace = Int(configuration.deletionGrace / .milliseconds(1))
        DeletedRoutes(catalogue: catalogue, engine: engine, grace: grace).add(to: &routes)
        HistoryRoutes(catalogue: catalogue, engine: engine).add(to: &routes)
        HistoryImportRoutes(catalogue: catalogue, speed: configuration.uploadSpeed, age: configuration.historyAge).add(
            to: &routes)
        TasteRoutes(catalogue: catalogue).add(to: &routes)
        ScrobblingRoutes(
            catalogue: catalogue, seal: appPasswordSeal, protocols: configuration.scrobbling.protocols, client: scrobbles
        ).add(to: &routes)
        YearRoutes(catalogue: catalogue, engine: engine).add(to: &routes)
        tastes.start()
        let suggestions = Suggestions(catalogue: catalogue, board: tastes, key: ticketKey)
        RecommendationRoutes(catalogue: catalogue, engine: engine, suggestions: suggestions).add(to: &routes)
        try await addOffers(to: &routes, suggestions, media)
        PlanRoutes(plans: plans, upgrade: configuration.upgrade).add(to: &routes)
        LibraryRoutes(catalogue: catalogue, engine: engine).add(to: &routes)
        LetterRoutes(catalogue: catalogue).add(to: &routes)
        QueueRoutes(catalogue: catalogue, engine: engine).add(to: &routes)
        PlaylistRoutes(catalogue: catalogue, engine: engine).add(to: &routes)
        addShares(to: &routes, plans)
        let authentication = Authentication(readers: routes.api.credentials)
        EventRoutes(catalogue: catalogue, streams: events, authentication: authentication).add(to: &routes)
        ExportRoutes(catalogue: catalogue, originals: originals, engine: engine).add(to: &routes)
        let site = makeSite()
        if let site { WebRoutes(site: site).add(to: &routes) }
        SubsonicRoutes(
            catalogue: catalogue, media: media, credentials: try await subsonicCredentials(), imports: imports,
            suggestions: suggestions, ticketKey: ticketKey
        ).add(to: &routes)
        let setupCode = try await addAccounts(to: &routes, site)
        try further(&routes, media)
        try OpenAPI.add(to: &routes, access: configuration.access)
        return ServerRoutes(routes: routes, hot: media.hot, setupCode: setupCode)
    }

    private func addOffers(to routes: inout Routes, _ suggestions: Suggestions, _ media: Media) async throws {
        try await offers.look(isFirst: true)
        let current = Offers(
            catalogue: catalogue, board: offers, suggestions: suggestions, streams: media.responder.streams,
            rules: configuration.offers.rules)
        OfferRoutes(offers: current).add(to: &routes)
    }

    private func subsonicCredentials() async throws -> SubsonicCredentials {
        let plans = try await plans()
        let local = Grant(.account(account, credential: ""), .all, plans.unlimited)
        let access: SubsonicCredentials.Access =
            switch configuration.access {
            case .open: .open(local)
            case .token(let token): .token(token, local)
            case .accounts: .accounts
            }
        return SubsonicCredentials(
            access: access, catalogue: catalogue, plans: plans, seal: appPasswordSeal, logger: logger)
    }

    private func addShares(to routes: inout Routes, _ plans: OfferedPlans) {
        ShareRoutes(catalogue: catalogue, key: ticketKey).add(to: &routes)
        let plan = PlanOfAccount(configuration.access, account: account, catalogue: catalogue, plans: plans)
        SharedRoutes(catalogue: catalogue, engine: engine, key: ticketKey, plan: plan).add(to: &routes)
    }

    private func plans() async throws -> OfferedPlans {
        try OfferedPlans(
            configuration.plans, names: try await catalogue.plansInUse(), shown: configuration.upgrade.plans,
            renditions: configuration.renditions)
    }

    /// The player. Without its files the API is served alone.
    private func makeSite() -> WebSite? {
        guard let folder = WebFolder.path(configured: configuration.web) else {
            logger.error(
                """
                the player is not served, because its files are not found: put sweetspot_Gateway.resources beside this program, or \
                name the folder with them in SWEETSPOT_WEB
                """)
            return nil
        }
        do {
            let site = try WebSite(WebFolder.files(in: folder), access: configuration.access)
            for complaint in site.complaints { logger.warning("\(complaint)", metadata: ["folder": "\(folder)"]) }
            return site
        } catch {
            logger.error("the player is not served: \(error)", metadata: ["folder": "\(folder)"])
            return nil
        }
    }

    private var middleware: [any MiddlewareProtocol<Request, Response, GatewayContext>] {
        let first: [any MiddlewareProtocol<Request, Response, GatewayContext>] = [
            SubsonicProblems(), HostRequired(), Expectations(), PlainTarget(), ClientMiddleware(proxies: configuration.proxies)
        ]
        let isOpen = configuration.access == .open
        return first + (isOpen ? [HostCheck(listenHost: configuration.host)] : []) + [OneSpelling()]
    }

    private func makeMedia() -> Media {
        let responder = MediaResponder(catalogue: catalogue, cacheIsPublic: configuration.cacheIsPublic, metrics: metrics)
        return Media(
            catalogue: catalogue, originals: originals, engine: engine, responder: responder,
            anticipation: Anticipation(catalogue: catalogue, engine: engine),
            hot: HotMedia(
                responder: responder, catalogue: catalogue, proxies: configuration.proxies, serverName: Self.serverName,
                metrics: metrics))
    }

    /// - Returns: the code that opens `/setup`; nil if an account can log in.
    private func addAccounts(to routes: inout Routes, _ site: WebSite?) async throws -> String? {
        guard configuration.access == .accounts else { return nil }
        passwords.start()
        let logins = Logins(
            catalogue: catalogue, key: ticketKey, isAlwaysSecure: configuration.cookieIsSecure, threads: passwords)
        AccountRoutes(catalogue: catalogue, logins: logins, intake: intake, engine: engine).add(to: &routes)
        SessionRoutes(catalogue: catalogue).add(to: &routes)
        AppPasswordRoutes(catalogue: catalogue, seal: appPasswordSeal).add(to: &routes)
        let code = try await catalogue.hasAccounts() ? nil : Identifier.random() + Identifier.random()
        SetupRoutes(code: code, catalogue: catalogue, logins: logins, site: site).add(to: &routes)
        return code
    }
}
