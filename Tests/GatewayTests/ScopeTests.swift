import Foundation
import Locker
import NIOHTTP1
import TestSupport
import Testing

@testable import Gateway

/// Every operation with every credential in every spelling of its URL: what a request may do is its route's affair, whatever else its
/// URL says.
@Suite("Scopes", .tags(.codec, .http, .slow), .serialized, .server(access: .accounts), .timeLimit(.minutes(10)))
struct ScopeTests {
    /// What an operation needs, as API.md says; that is not taken from the server.
    private enum Need: Equatable {
        case nothing
        case account
        case scope(Scope)
        case media

        /// As the document has it.
        var text: String? {
            switch self {
            case .nothing, .media: nil
            case .account: "any"
            case .scope(let scope): scope.names.joined(separator: ", ")
            }
        }
    }

    private struct Operation {
        var method: HTTPMethod
        /// With ids of what is not there, but for media.
        var path: String
        var need: Need
        var takesBody = false
    }

    private struct Credential {
        var name: String
        /// Of a key; nil where there is none.
        var scopes: Scope?
        var fields: [(String, String)] = []
        var ticket: String?
        var hasFieldOfPages = true
    }

    /// A URL that looks much like the operation's. Where the path is not the operation's own, it is nobody's.
    private enum Form: CaseIterable {
        case plain, query, otherPath, doubleStart, doubleEnd, trailing, escaped, dots, escapedDots

        func url(_ path: String) -> String {
            let last = path.lastIndex(of: "/") ?? path.startIndex
            let (head, tail) = (path[..<last], path[path.index(after: last)...])
            return switch self {
            case .plain: path
            case .query: path + "?x=/ticket"
            case .otherPath: path + "?/api/v1/me"
            case .doubleStart: "/" + path
            case .doubleEnd: "\(head)//\(tail)"
            case .trailing: path + "/"
            case .escaped: "\(head.isEmpty ? "/" : head)%2f\(tail)"
            case .dots: "\(path)/x/../../\(tail)"
            case .escapedDots: "/api/v1/me/%2e%2e\(path.replacing("/api/v1", with: ""))"
            }
        }

        var isOperation: Bool { [.plain, .query, .otherPath].contains(self) }

        private static let always: [Form] = [.plain, .query, .escaped]

        /// A short run has three forms always, and of the others one after the other.
        static func chosen(_ number: Int) -> [Form] {
            guard !Program.isLong else { return allCases }
            let others = allCases.filter { !always.contains($0) }
            return always + [others[number % others.count]]
        }
    }

    private let server: RunningServer
    private let catalogue: Catalogue

    init() throws {
        server = try #require(RunningServer.current)
        catalogue = server.application.catalogue
    }

    private func account() async throws -> Int64 {
        try await catalogue.addAccount(named: uniqueName("scope"), password: .ofNobody, plan: "unlimited")
    }

    private func key(_ scopes: Scope, _ account: Int64) async throws -> (String, String) {
        ("Authorization", "Bearer \(try await catalogue.addKey(account: account, label: "", scopes: scopes).secret.text)")
    }

    private func operations() async throws -> [Operation] {
        let paths = try #require(try await server.get("/api/v1/openapi.json").json["paths"])
        let nobody = String(repeating: "x", count: 22)
        return paths.keys.sorted().flatMap { path in
            let members = (paths[path]?.keys ?? []).subtracting(["parameters"])
            let all = members.contains("get") ? members.union(["head"]) : members
            // A stream of events does not end. Its HEAD is registered with it.
            return all.subtracting(path == "/events" ? ["get"] : []).sorted().map { member in
                let need = Self.need(member, path)
                let described = paths[path]?[member == "head" ? "get" : member]?["x-scope"]?.text
                #expect(described == need.text, "\(member) \(path)")
                return Operation(
                    method: HTTPMethod(rawValue: member.uppercased()),
                    path: "/api/v1" + path.replacing(#/\{[a-z]+\}/#, with: nobody), need: need,
                    takesBody: paths[path]?[member]?["requestBody"] != nil || ["post", "put", "patch"].contains(member))
            }
        }
    }

    private static func need(_ method: String, _ path: String) -> Need {
        switch (method, path) {
        case (_, "/session"), (_, "/openapi.json"), (_, "/shared/{token}"): .nothing
        case ("get", "/me"), ("head", "/me"): .account
        case (_, "/me"), (_, "/me/export"), (_, "/me/taste"), (_, "/me/offers"), (_, "/plans"),
            (_, "/offers"), (_, "/offers/{offer}/shown"), (_, "/offers/{offer}/clicked"), (_, "/offers/{offer}/dismissed"),
            (_, "/offers/{offer}/picture"), (_, "/me/scrobbling"),
            (_, "/me/scrobbling/listenbrainz"), (_, "/me/scrobbling/lastfm"), (_, "/keys"), (_, "/keys/{key}"), (_, "/sessions"),
            (_, "/sessions/{session}"),
            (_, "/app-passwords"), (_, "/app-passwords/{password}"):
            .scope(.admin)
        case ("post", "/tracks"), (_, "/known"), (_, "/uploads"), (_, "/uploads/{upload}"): .scope(.upload)
        default: .scope(.library)
        }
    }

    private static func media(_ track: String) -> [Operation] {
        let paths = [
            "/stream/\(track)", "/stream/\(track)/auto", "/stream/\(track)/mp3-64.mp3", "/stream/\(track)/original",
            "/hls/\(track)/aac.m3u8", "/hls/\(track)/aac-64/index.m3u8", "/dash/\(track)/opus.mpd", "/art/\(track)"
        ]
        return paths.map { Operation(method: .GET, path: $0, need: .media) } + [
            Operation(method: .HEAD, path: paths[2], need: .media), Operation(method: .OPTIONS, path: paths[2], need: .nothing)
        ] + ["/healthz", "/readyz", "/metrics", "/setup"].map { Operation(method: .GET, path: $0, need: .nothing) }
    }

    /// The statuses of one operation in each of the forms, in one connection.
    private func statuses(_ operation: Operation, _ credential: Credential, _ forms: [Form]) async throws -> [Int] {
        var fields = credential.fields
        // Who logs out is not who asks on.
        if operation.path == "/api/v1/session" { fields.removeAll { $0.0 == "Cookie" } }
        if credential.hasFieldOfPages || operation.path == "/api/v1/session" { fields.append(("X-Requested-With", "test")) }
        let body = operation.takesBody ? "[" : ""
        if operation.takesBody { fields.append(("Content-Length", "\(body.utf8.count)")) }
        let lines = fields.map { "\($0.0): \($0.1)\r\n" }.joined()
        let requests = forms.enumerated().map { number, form in
            var url = form.url(operation.path)
            if let ticket = credential.ticket { url += (url.contains("?") ? "&" : "?") + "ticket=\(ticket)" }
            let end = number == forms.count - 1 ? "Connection: close\r\n" : ""
            return "\(operation.method.rawValue) \(url) HTTP/1.1\r\nHost: x\r\n\(lines)\(end)\r\n\(body)"
        }
        let answer = try await RawConnection.exchange(requests.joined(), with: server)
        return answer.components(separatedBy: "HTTP/1.1 ").dropFirst().compactMap {
            $0.dropFirst(3).first == " " ? Int($0.prefix(3)) : nil
        }
    }

    private static func isLetIn(_ credential: Credential, _ operation: Operation) -> Bool {
        switch operation.need {
        case .nothing: true
        case .account: credential.scopes != nil
        case .scope(let scope): credential.scopes?.isSuperset(of: scope) == true
        case .media: credential.ticket != nil || credential.scopes?.contains(.stream) == true
        }
    }

    /// Why a credential's request is refused; nil where it is let in.
    private static func refusal(_ credential: Credential, _ operation: Operation) -> Int? {
        guard !isLetIn(credential, operation) else {
            let changes = ![.GET, .HEAD, .OPTIONS].contains(operation.method)
            return changes && operation.need != .nothing && !credential.hasFieldOfPages ? 403 : nil
        }
        return credential.scopes == nil ? 401 : 403
    }

    @Test("A request needs the scope of its route, in every form of its URL")
    func matrix() async throws {
        let account = try await account()
        let all = try await key(.all, account)
        let track = try #require(
            try await server.upload(Sound.wav(seconds: 0.3, seed: 71), name: "a.wav", [all])["id"]?.text)
        let made = try await server.send(.POST, "/api/v1/tracks/\(track)/ticket", [all]).json
        let session = ("Cookie", "sweetspot_session=\(try await catalogue.beginSession(account: account).text)")
        var credentials = [
            Credential(name: "none"), Credential(name: "wrong", fields: [("Authorization", "Bearer wrong")]),
            Credential(name: "ticket", ticket: try #require(made["ticket"]?.text)),
            Credential(name: "session", scopes: .all, fields: [session]),
            Credential(name: "cookie", scopes: .all, fields: [session], hasFieldOfPages: false)
        ]
        let keys: [(String, Scope)] = [
            ("stream", .stream), ("library", .library), ("upload", .upload), ("admin", .admin),
            ("usual", [.stream, .library, .upload]), ("all", .all)
        ]
        for (name, scopes) in keys {
            credentials.append(Credential(name: name, scopes: scopes, fields: [try await key(scopes, account)]))
        }
        let operations = try await operations() + Self.media(track)
        #expect(operations.count > 70)

        func cell(_ text: String, _ width: Int) -> String { text.padding(toLength: width, withPad: " ", startingAt: 0) }
        var table = "each cell: the status of the path, then . where another form of it has the same, - where it is 404\n"
        table += cell("", 52) + credentials.map { cell($0.name, 14) }.joined() + "\n"
        var number = 0
        for operation in operations {
            let path = operation.path.replacing(track, with: "TRACK").replacing(String(repeating: "x", count: 22), with: "ID")
            table += cell("\(operation.method.rawValue) \(path)", 52)
            for credential in credentials {
                let forms = Form.chosen(number)
                number += 1
                let found = try await statuses(operation, credential, forms)
                let what = "\(operation.method.rawValue) \(path) with \(credential.name)"
                guard let plain = found.first, found.count == forms.count else {
                    Issue.record("\(what): \(found.count) answers of \(forms.count)")
                    continue
                }
                table += cell("\(plain)" + found.dropFirst().map { $0 == 404 ? "-" : $0 == plain ? "." : "!" }.joined(), 14)
                for (form, status) in zip(forms, found) {
                    let what = "\(what), \(form): \(form.url(path)): \(status)"
                    guard form.isOperation else {
                        #expect(status == 404, "\(what)")
                        continue
                    }
                    if let refusal = Self.refusal(credential, operation) {
                        #expect(status == refusal, "\(what)")
                    } else {
                        #expect(status != 401 && status != 403 && status < 500 && status == plain, "\(what)")
                    }
                }
            }
            table += "\n"
        }
        print(table)
    }

    @Test("A library key uploads nothing by a query that ends in /ticket")
    func uploadByQuery() async throws {
        let key = try await key(.library, try await account())
        let song = Sound.wav(seconds: 0.2, seed: 72)
        for path in ["/api/v1/tracks?name=a.wav", "/api/v1/tracks?name=a.wav&x=/ticket", "/api/v1/tracks?/ticket"] {
            try expectProblem(try await server.send(.POST, path, [key], body: song), 403, nil)
        }
        #expect(try await server.get("/api/v1/tracks", key).json["items"]?.list?.isEmpty == true)
    }

    @Test("An upload key gets no ticket by a query behind /ticket")
    func ticketByQuery() async throws {
        let account = try await account()
        let key = try await key(.upload, account)
        let track = try #require(
            try await server.upload(Sound.wav(seconds: 0.2, seed: 73), name: "a.wav", [key])["id"]?.text)
        for query in ["", "?x", "?", "?x=/ticket"] {
            let reply = try await server.send(.POST, "/api/v1/tracks/\(track)/ticket\(query)", [key])
            try expectProblem(reply, 403, nil)
        }
        let other = try await self.key(.library, account)
        #expect(try await server.send(.POST, "/api/v1/tracks/\(track)/ticket?x", [other]).status == 200)
    }

    @Test(
        "A path has one spelling",
        arguments: [
            ("/", true), ("/a", true), ("/a/b.c", true), ("/a/...", true), ("/a/..b", true), ("/a/-._~!$&'()*+,;=:@", true),
            ("", false), ("a", false), ("*", false), ("//", false), ("/a/", false), ("/a//b", false), ("/./a", false),
            ("/.", false), ("/a/..", false), ("/../a", false), ("/a%2fb", false), ("/%61", false), ("/a\\b", false),
            ("/é", false), ("/a/\u{338}", false)
        ])
    func spelling(path: String, isOne: Bool) {
        #expect(OneSpelling.isOne(path) == isOne)
    }
}
