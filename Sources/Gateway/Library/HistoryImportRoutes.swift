import Audio
import HTTPTypes
import Hummingbird
import Locker
import NIOCore
import Synchronization

/// `/api/v1/history/import`: the plays that another service knows of, from its export. They are read as they come.
final class HistoryImportRoutes: Sendable {
    private static let longestBody = 1 << 30
    /// Imports at once. Each has an index of its account's tracks in memory, and rests as long as it worked.
    private static let most = 2

    private let catalogue: Catalogue
    private let speed: BodySpeed
    /// How long plays are remembered; nil for ever.
    private let age: Duration?
    /// The accounts that import.
    private let running = Mutex<Set<Int64>>([])

    init(catalogue: Catalogue, speed: BodySpeed, age: Duration?) {
        (self.catalogue, self.speed, self.age) = (catalogue, speed, age)
    }

    func add(to routes: inout Routes) {
        routes.resource("/api/v1/history/import", [.on(.post, .library, OpenAPI.History.bring, bring)])
    }

    private struct CountsDocument: Encodable {
        var listens: Int
        var joined: Int
        var known: Int
        var unknown: Int
        var forgotten: Int
        var ignored: Int

        init(_ counts: ListenCounts, ignored: Int) {
            (joined, known, unknown) = (counts.joined, counts.known, counts.unknown)
            (forgotten, self.ignored) = (counts.forgotten, ignored)
            listens = joined + known + unknown + forgotten + ignored
        }
    }

    @Sendable private func bring(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let account = try context.account
        if let length = request.headers[.contentLength].flatMap({ Int(digits: $0) }), length > Self.longestBody {
            throw Self.tooLong
        }
        try begin(account)
        defer { running.withLock { _ = $0.remove(account) } }
        var listens = ListenImport(
            foundBy: try await catalogue.listenIndex(account: account), account: account, in: catalogue,
            keeping: context.plan.terms.history, for: age)
        do {
            try await context.allowBody(speed)
            var length = 0
            for try await bytes in request.body {
                length += bytes.readableBytes
                guard length <= Self.longestBody else { throw Self.tooLong }
                let start = ContinuousClock.now
                try await listens.read(bytes.readableBytesView)
                try await Task.sleep(for: ContinuousClock.now - start)
            }
            try await listens.finish()
        } catch let fault as ListenReader.Malformed {
            throw Problem.badRequest(
                """
                line \(fault.line): \(fault.reason). \(listens.counts.joined + listens.counts.known) listens before it are in the history; a mended \
                file may be sent again
                """)
        } catch let problem as Problem {
            throw problem
        } catch let error as CatalogueError {
            throw error
        } catch is BodySpeed.TooSlow {
            throw Problem.tooSlow
        } catch {
            throw Problem.badRequest("the file's bytes could not be received")
        }
        return try Response(json: CountsDocument(listens.counts, ignored: listens.ignored), for: request)
    }

    private static let tooLong = Problem(
        status: .contentTooLarge, slug: .tooLarge, detail: "an export must have at most \(longestBody) bytes: send it in parts")

    private func begin(_ account: Int64) throws(Problem) {
        let (isFree, isAlone) = running.withLock { running in
            guard running.count < Self.most else { return (false, true) }
            return (true, running.insert(account).inserted)
        }
        guard isFree else {
            throw Problem(
                status: .serviceUnavailable, slug: .busy, detail: "others import their history: come back in a moment",
                headers: [.retryAfter: "10"])
        }
        guard isAlone else { throw Problem(status: .conflict, detail: "another import of this account is under way") }
    }
}
