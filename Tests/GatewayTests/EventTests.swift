import Foundation
import Locker
import NIOHTTP1
import TestSupport
import Testing

@testable import Gateway

/// A stream of events as a browser reads it.
private struct Listening {
    static let request = "GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n"
    static let end = "\r\n0\r\n\r\n"

    /// Listens while `body` runs.
    static func run<Value>(
        to server: RunningServer, _ fields: (String, String)..., body: (inout RawConnection) async throws -> Value
    ) async throws -> Value {
        try await RawConnection.run(to: server) { connection in
            try await connection.send(request + fields.map { "\($0.0): \($0.1)\r\n" }.joined() + "\r\n")
            let head = try await connection.read(through: "\r\n\r\n")
            try #require(head.hasPrefix("HTTP/1.1 200 "), "\(head)")
            #expect(head.contains("Content-Type: text/event-stream\r\n") && head.contains("Cache-Control: no-store\r\n"))
            #expect(head.contains("X-Accel-Buffering: no\r\n") && !head.contains("Content-Length"))
            #expect(try await connection.read(through: "\n\n").hasSuffix("retry: 2000\n\n"))
            return try await body(&connection)
        }
    }
}

extension RawConnection {
    /// The kinds that the next event names, whatever comments come before it.
    fileprivate mutating func nextKinds() async throws -> [String] {
        _ = try await read(through: "event: change\ndata: ")
        let data = try await read(through: "\n\n")
        return try JSONDecoder().decode([String: [String]].self, from: Data(data.utf8))["kinds"] ?? []
    }
}

@Suite("Events", .tags(.codec, .http), .serialized, .timeLimit(.minutes(5)))
struct EventTests {
    /// How soon a client is told, as is promised; and on a busy machine one attempt may be late.
    private static let patience = Duration.seconds(1)
    private static let attempts = 10

    @Test("A client is told within a second of what this process and others change")
    func isTold() async throws {
        try await RunningServer.run { server in
            let id = try #require(try await server.upload(Sound.wav(seconds: 0.3), name: "a.wav")["id"]?.text)
            let other = try openCatalogue(data: server.data.path)
            defer { try? other.close() }
            let account = try await other.localAccount()
            let queue = Array(#"{"tracks":["\#(id)"]}"#.utf8)
            try await Listening.run(to: server) { connection in
                var times: [Duration] = []
                while times.min() ?? .seconds(60) > Self.patience, times.count < Self.attempts {
                    let start = ContinuousClock.now
                    #expect(try await server.send(.PUT, "/api/v1/queue", body: queue).status == 204)
                    #expect(try await connection.nextKinds() == ["queue"])
                    _ = try await other.setFavourite(times.count.isMultiple(of: 2), .track, id: id, account: account)
                    #expect(try await connection.nextKinds() == ["library"])
                    times.append((ContinuousClock.now - start) / 2)
                }
                #expect(times.min() ?? .seconds(60) < Self.patience, "\(times)")
                #expect(try await server.send(.DELETE, "/api/v1/tracks/\(id)").status == 204)
                #expect(try await connection.nextKinds() == ["queue", "library", "playlists", "history"])
            }
        }
    }

    @Test("An upload is told of when it begins, and when its file is stored")
    func uploads() async throws {
        try await RunningServer.run { server in
            try await Listening.run(to: server) { connection in
                let file = Sound.wav(seconds: 0.3, seed: 40)
                let tus = ("Tus-Resumable", "1.0.0")
                let made = try await server.send(.POST, "/api/v1/uploads", [tus, ("Upload-Length", "\(file.count)")])
                #expect(try await connection.nextKinds() == ["uploads"])
                let fields = [tus, ("Upload-Offset", "0"), ("Content-Type", "application/offset+octet-stream")]
                let sent = try await server.send(.PATCH, try #require(made["Location"]), fields, body: file)
                #expect(sent.status == 204)
                var kinds: Set<String> = []
                while !kinds.contains("library") { kinds.formUnion(try await connection.nextKinds()) }
                #expect(kinds == ["uploads", "library"])
            }
        }
    }

    @Test("A comment shows that the connection is alive")
    func beats() async throws {
        try await RunningServer.run {
            $0.eventInterval = .milliseconds(50)
        } _: { server in
            try await Listening.run(to: server) { connection in
                for _ in 0..<3 {
                    let comment = try await connection.read(through: "\n\n")
                    #expect(comment.hasSuffix("3\r\n:\n\n"))
                }
            }
        }
    }

    @Test("An account has so many streams and no more, until one ends")
    func isBounded() async throws {
        try await RunningServer.run { server in
            func open(_ count: Int) async throws {
                guard count > 0 else {
                    let refused = try await server.get("/api/v1/events")
                    try expectProblem(refused, 429, nil)
                    #expect(refused["Retry-After"] == "30")
                    return
                }
                try await Listening.run(to: server) { _ in try await open(count - 1) }
            }
            try await open(EventStreams.most)
            // They have left: there is room, as soon as the server notices.
            let isFree = try await eventually {
                try await RawConnection.run(to: server) { connection in
                    try await connection.send(Listening.request + "\r\n")
                    return try await connection.read(through: "\r\n\r\n").hasPrefix("HTTP/1.1 200 ")
                }
            }
            #expect(isFree)
            // A head is no stream.
            for _ in 0...EventStreams.most {
                let head = try await server.send(.HEAD, "/api/v1/events")
                #expect(head.status == 200 && head["Content-Type"] == "text/event-stream" && head.body.isEmpty)
            }
        }
    }

    @Test("A stream ends as soon as the server is told to")
    func shutdown() async throws {
        let begun = try await RunningServer.run { server in
            try await Listening.run(to: server) { connection in
                let begun = ContinuousClock.now
                await server.beginShutdown()
                _ = try await connection.read(through: Listening.end)
                return begun
            }
        }
        #expect(ContinuousClock.now - begun < .seconds(60))
    }
}

@Suite("Events of accounts", .tags(.codec, .http), .serialized, .server(access: .accounts), .timeLimit(.minutes(5)))
struct AccountEventTests {
    private struct Holder {
        let id: Int64
        let key: String
        let field: (String, String)
        let keyID: String
    }

    let server: RunningServer

    private var catalogue: Catalogue { server.application.catalogue }

    init() throws { server = try #require(RunningServer.current) }

    private func account() async throws -> Holder {
        let id = try await catalogue.addAccount(named: uniqueName("listener"), password: .ofNobody, plan: "free")
        let (key, secret) = try await catalogue.addKey(account: id, label: "", scopes: .all)
        return Holder(id: id, key: secret.text, field: ("Authorization", "Bearer \(secret.text)"), keyID: key.id)
    }

    @Test("A client is told of its own account only")
    func isPrivate() async throws {
        let (ada, eve) = (try await account(), try await account())
        try await Listening.run(to: server, ada.field) { connection in
            let song = Sound.wav(seconds: 0.3, seed: 41)
            _ = try await server.upload(song, name: "a.wav", [eve.field])
            let body = Array(#"{"label":"x"}"#.utf8)
            #expect(try await server.send(.POST, "/api/v1/keys", [ada.field], body: body).status == 201)
            #expect(try await connection.nextKinds() == ["account"])
        }
    }

    @Test("A stream ends with its key, and not with another")
    func revokedKey() async throws {
        let ada = try await account()
        let other = try await catalogue.addKey(account: ada.id, label: "", scopes: .all).key
        try await Listening.run(to: server, ada.field) { connection in
            #expect(try await server.send(.DELETE, "/api/v1/keys/\(other.id)", [ada.field]).status == 204)
            #expect(try await connection.nextKinds() == ["account"])
            #expect(try await server.send(.DELETE, "/api/v1/keys/\(ada.keyID)", [ada.field]).status == 204)
            let last = try await connection.read(through: Listening.end)
            #expect(!last.contains("event:"))
        }
        try expectProblem(try await server.get("/api/v1/events", ada.field), 401, "unauthorised")
    }

    @Test("A stream ends with its session")
    func endedSession() async throws {
        let ada = try await account()
        let cookie = ("Cookie", "sweetspot_session=\(try await catalogue.beginSession(account: ada.id).text)")
        try await Listening.run(to: server, cookie) { connection in
            let fields = [cookie, ("X-Requested-With", "test")]
            #expect(try await server.send(.DELETE, "/api/v1/session", fields).status == 204)
            _ = try await connection.read(through: Listening.end)
        }
    }

    @Test("A stream ends with its account, whichever process removes it")
    func removedAccount() async throws {
        let (ada, eve) = (try await account(), try await account())
        let other = try openCatalogue(data: server.data.path)
        defer { try? other.close() }
        try await Listening.run(to: server, ada.field) { connection in
            try await Listening.run(to: server, eve.field) { another in
                _ = try await other.removeAccount(id: eve.id)
                _ = try await another.read(through: Listening.end)
                // The other's goes on.
                _ = try await other.setPlan("family", account: ada.id)
                #expect(try await connection.nextKinds() == ["account"])
            }
        }
    }
}

@Suite("A stream's events wait for its client")
struct EventStreamTests {
    @Test("Events that are not read yet are joined, and none is lost")
    func joins() async {
        let stream = EventStream()
        stream.tell(.queue)
        stream.tell([.library, .history])
        stream.beat()
        #expect(await stream.next() == EventStream.Events(subjects: [.queue, .library, .history], isBeat: true))
        stream.tell(.queue)
        #expect(await stream.next() == EventStream.Events(subjects: .queue, isBeat: false))
        stream.end()
        #expect(await stream.next() == nil)
    }

    @Test("A place is free when its holder lets it go")
    func places() {
        let streams = EventStreams()
        var places = (0..<EventStreams.most).compactMap { _ in streams.open(for: 1) }
        #expect(places.count == EventStreams.most && streams.open(for: 1) == nil && streams.open(for: 2) != nil)
        places.removeLast()
        #expect(streams.open(for: 1) != nil)
        places = []
        #expect(streams.open(for: 1) != nil)
    }
}
