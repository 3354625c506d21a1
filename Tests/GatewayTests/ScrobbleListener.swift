import Crypto
import Foundation
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle
import Synchronization

/// A server that speaks as much of ListenBrainz' and Last.fm's APIs as plays are told by, and keeps what it is told.
final class ScrobbleListener: Sendable {
    struct State {
        var tokens: Set<String> = ["good"]
        /// Statuses of the next answers; then all is taken.
        var failures: [Int] = []
        /// Listens by ListenBrainz' API.
        var listens: [JSON] = []
        /// Values of scrobbles by Last.fm's API.
        var scrobbles: [[String: String]] = []
        var requests = 0
    }

    static let (key, secret) = ("K3y", "s3cret")

    private let state = Mutex(State())

    func change<Value: Sendable>(_ body: (inout State) -> Value) -> Value { state.withLock { body(&$0) } }

    /// Runs `body` with its address.
    static func run(_ body: (ScrobbleListener, String) async throws -> Void) async throws {
        let listener = ScrobbleListener()
        let router = Router()
        router.get("/1/validate-token") { request, _ in
            let token = listener.token(of: request)
            let name =
                listener.change { $0.tokens.contains(token) }
                ? #"{"code":200,"valid":true,"user_name":"anna"}"# : #"{"valid":false}"#
            return listener.answer(200, name)
        }
        router.post("/1/submit-listens") { request, _ in
            let body = try await request.body.collect(upTo: 1 << 20)
            return listener.submitted(listener.token(of: request), Array(body.readableBytesView))
        }
        router.post("/2.0") { request, _ in
            let body = try await request.body.collect(upTo: 1 << 20)
            let pairs = String(buffer: body).split(separator: "&").map { pair in
                pair.split(separator: "=", omittingEmptySubsequences: false).map { $0.removingPercentEncoding ?? "" }
            }
            return listener.called(Dictionary(pairs.filter { $0.count == 2 }.map { ($0[0], $0[1]) }) { $1 })
        }
        let (ports, running) = AsyncStream<Int>.makeStream()
        let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { running.yield($0.localAddress?.port ?? 0) }, logger: quiet)
        let group = ServiceGroup(configuration: .init(services: [application], logger: quiet))
        let run = Task {
            defer { running.finish() }
            try await group.run()
        }
        let result: Result<Void, any Error>
        do {
            let port = await ports.first { _ in true } ?? 0
            result = .success(try await body(listener, "http://127.0.0.1:\(port)"))
        } catch {
            result = .failure(error)
        }
        await group.triggerGracefulShutdown()
        _ = await run.result
        try result.get()
    }

    private func token(of request: Request) -> String {
        String(request.headers[.authorization]?.dropFirst("Token ".count) ?? "")
    }

    private func answer(_ status: Int, _ text: String) -> Response {
        Response(
            status: .init(code: status), headers: [.contentType: "application/json"],
            body: .init(byteBuffer: ByteBuffer(string: text)))
    }

    private func failure() -> Int? {
        change { state in
            state.requests += 1
            return state.failures.isEmpty ? nil : state.failures.removeFirst()
        }
    }

    /// Takes a submission as a whole or not at all, as ListenBrainz does.
    private func submitted(_ token: String, _ body: [UInt8]) -> Response {
        if let status = failure() { return answer(status, "{}") }
        guard change({ $0.tokens.contains(token) }) else {
            return answer(401, #"{"code":401,"error":"Invalid authorization token."}"#)
        }
        let document = try? JSONDecoder().decode(JSON.self, from: Data(body))
        guard let listens = document?["payload"]?.list, let type = document?["listen_type"]?.text,
            type == (listens.count == 1 ? "single" : "import"),
            listens.allSatisfy({ listen in
                listen["listened_at"]?.integer ?? 0 > 1_000_000_000
                    && listen["track_metadata"]?["artist_name"]?.text?.isEmpty == false
                    && listen["track_metadata"]?["track_name"]?.text.map { $0 != "Refused" } == true
            })
        else { return answer(400, #"{"code":400,"error":"JSON document is not valid"}"#) }
        change { $0.listens += listens }
        return answer(200, #"{"status":"ok"}"#)
    }

    private func called(_ values: [String: String]) -> Response {
        if let status = failure() { return answer(status, "{}") }
        let signed = values.filter { !["format", "api_sig"].contains($0.key) }.sorted { $0.key < $1.key }
        let text = signed.map { $0.key + $0.value }.joined() + Self.secret
        let signature = Insecure.MD5.hash(data: Array(text.utf8)).map { String(format: "%02x", $0) }.joined()
        guard values["api_key"] == Self.key, values["format"] == "json" else {
            return answer(403, #"{"error":10,"message":"key"}"#)
        }
        guard values["api_sig"] == signature else {
            return answer(403, #"{"error":13,"message":"Invalid method signature supplied"}"#)
        }
        switch values["method"] {
        case "auth.getSession":
            guard values["token"] == "granted" else { return answer(403, #"{"error":14,"message":"not authorised"}"#) }
            return answer(200, #"{"session":{"name":"anna","key":"good","subscriber":0}}"#)
        case "track.scrobble":
            guard change({ $0.tokens.contains(values["sk"] ?? "") }) else {
                return answer(403, #"{"error":9,"message":"Invalid session key"}"#)
            }
            change { $0.scrobbles.append(values) }
            return answer(200, #"{"scrobbles":{"@attr":{"accepted":1,"ignored":0}}}"#)
        default: return answer(400, #"{"error":3,"message":"Invalid Method"}"#)
        }
    }
}
