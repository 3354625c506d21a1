import Audio
import Crypto
import Foundation
import Locker
import NIOHTTP1
import Synchronization
import TestSupport
import Testing

@testable import Gateway

private let tus = ("Tus-Resumable", "1.0.0")
private let path = "/api/v1/uploads"

/// The steps of a tus 1.0 client.
private struct TusClient {
    let server: RunningServer

    func create(_ length: Int, name: String = "song.wav", _ headers: (String, String)..., body: [UInt8]? = nil) async throws
        -> Reply
    {
        let metadata = ("Upload-Metadata", "filename \(Data(name.utf8).base64EncodedString()),note")
        return try await server.send(.POST, path, [tus, ("Upload-Length", "\(length)"), metadata] + headers, body: body)
    }

    /// An upload's path.
    func begin(_ length: Int) async throws -> String {
        let reply = try await create(length)
        try #require(reply.status == 201, "\(reply.text)")
        return try #require(reply["Location"])
    }

    func append(_ bytes: some Collection<UInt8>, at offset: Int, to place: String, _ headers: (String, String)...) async throws
        -> Reply
    {
        try await server.send(
            .PATCH, place, [tus, ("Content-Type", "application/offset+octet-stream"), ("Upload-Offset", "\(offset)")] + headers,
            body: Array(bytes))
    }

    func offset(of place: String) async throws -> Int? {
        let reply = try await server.send(.HEAD, place, [tus])
        return reply.status == 200 ? reply["Upload-Offset"].flatMap { Int($0) } : nil
    }

    /// What came of a whole upload.
    func outcome(of place: String) async throws -> JSON {
        try await server.get(place) { try ["stored", "refused"].contains($0.json["state"]?.text) }.json
    }
}

@Suite(
    "A tus upload", .tags(.codec, .http), .serialized, .server { $0.uploadLimit = ByteSize(12 << 20) }, .timeLimit(.minutes(10)))
struct ResumableUploadTests {
    let server: RunningServer
    private let client: TusClient

    init() throws {
        server = try #require(RunningServer.current)
        client = TusClient(server: server)
    }

    private var incoming: [String] { get throws { try server.files(under: "incoming") } }

    @Test("OPTIONS says which parts of tus the server has")
    func options() async throws {
        for place in [path, path + "/any"] {
            let reply = try await server.send(.OPTIONS, place)
            #expect(reply.status == 204 && reply["Tus-Version"] == "1.0.0" && reply["Tus-Max-Size"] == "\(12 << 20)")
            #expect(reply["Tus-Extension"] == "creation,creation-with-upload,termination,expiration,checksum")
            #expect(reply["Tus-Checksum-Algorithm"] == "sha1,sha256")
        }
    }

    @Test("A tus upload goes on at its offset, and its state tells how it went")
    func resumes() async throws {
        let file = Sound.wav(seconds: 1, seed: 77)
        let created = try await client.create(file.count, name: "Lied für dich.wav")
        #expect(created.status == 201 && created["Tus-Resumable"] == "1.0.0" && created["Upload-Offset"] == "0")
        let expires = try #require(created["Upload-Expires"])
        #expect(expires.hasSuffix(" GMT") && expires.count == 29)
        let place = try #require(created["Location"])
        #expect(place.hasPrefix("/api/v1/uploads/") && place.utf8.count == 16 + 22)
        #expect(try await server.get(place).json["state"]?.text == "receiving")
        var offset = 0
        while offset < file.count {
            let end = min(offset + 20_000, file.count)
            let reply = try await client.append(file[offset..<end], at: offset, to: place)
            #expect(reply.status == 204 && reply["Upload-Offset"] == "\(end)")
            #expect((reply["Upload-Expires"] != nil) == (end < file.count))
            offset = end
            #expect(try await client.offset(of: place) == offset)
        }
        let outcome = try await client.outcome(of: place)
        #expect(outcome["state"]?.text == "stored" && outcome["problem"] == .null)
        let id = try #require(outcome["track"]?.text)
        #expect(try await server.get("/stream/\(id)/original").body == file)
        #expect(try await server.get("/api/v1/tracks/\(id)").json["title"]?.text == "Lied für dich")
        #expect(try incoming.isEmpty)
        #expect(try await client.append([], at: file.count, to: place).status == 409)
        #expect(try await client.offset(of: place) == file.count)
        #expect(try await server.send(.DELETE, place, [tus]).status == 204)
        #expect(try await server.send(.HEAD, place, [tus]).status == 404)
    }

    @Test("A tus upload can come with its creation, in whole or in part, and in a POST that overrides its method")
    func creationWithUpload() async throws {
        let file = Sound.wav(seconds: 0.5, seed: 78)
        let type = ("Content-Type", "application/offset+octet-stream")
        let whole = try await client.create(file.count, type, body: file)
        #expect(whole.status == 201 && whole["Upload-Offset"] == "\(file.count)" && whole["Upload-Expires"] == nil)
        #expect(try await client.outcome(of: try #require(whole["Location"]))["state"]?.text == "stored")
        let part = try await client.create(file.count, type, body: Array(file.prefix(1000)))
        #expect(part.status == 201 && part["Upload-Offset"] == "1000")
        let place = try #require(part["Location"])
        let rest = try await server.send(
            .POST, place, [tus, type, ("Upload-Offset", "1000"), ("X-HTTP-Method-Override", "PATCH")],
            body: Array(file.dropFirst(1000)))
        #expect(rest.status == 204 && rest["Upload-Offset"] == "\(file.count)")
        #expect(try await client.outcome(of: place)["state"]?.text == "stored")
        #expect(try await server.send(.POST, place, [tus]).status == 405)
    }

    @Test("A tus upload without music is refused with the problem")
    func refused() async throws {
        for (bytes, slug) in [(Array("hello, this is text".utf8), "unsupported-format"), ([], "unsupported-format")] {
            let place = try await client.begin(bytes.count)
            if !bytes.isEmpty { #expect(try await client.append(bytes, at: 0, to: place).status == 204) }
            let outcome = try await client.outcome(of: place)
            #expect(outcome["state"]?.text == "refused" && outcome["track"] == .null)
            #expect(outcome["problem"]?["type"]?.text == "/problems/\(slug)")
        }
        // The refusal is told before its file goes.
        #expect(try await eventually(within: .seconds(30)) { try incoming.isEmpty })
    }

    @Test("A malformed tus request gets its status, and the upload loses nothing")
    func malformed() async throws {
        let type = ("Content-Type", "application/offset+octet-stream")
        let creations: [([(String, String)], Int)] = [
            ([("Upload-Length", "5")], 412), ([tus], 400), ([("Tus-Resumable", "0.2.2"), ("Upload-Length", "5")], 412),
            ([tus, ("Upload-Length", "-1")], 400), ([tus, ("Upload-Length", "99999999999999999999")], 400),
            ([tus, ("Upload-Length", "\(12 << 20 + 1)")], 413), ([tus, ("Upload-Defer-Length", "1")], 400),
            ([tus, ("Upload-Length", "5"), ("Upload-Metadata", "filename ####")], 400),
            ([tus, ("Upload-Length", "5"), ("Upload-Metadata", "a b c d")], 400),
            ([tus, ("Upload-Length", "5"), ("Upload-Metadata", String(repeating: "a ,", count: 9000))], 400)
        ]
        for (headers, status) in creations {
            let reply = try await server.send(.POST, path, headers)
            #expect(reply.status == status, "\(headers): \(reply.status)")
            #expect(status != 412 || reply["Tus-Version"] == "1.0.0")
            #expect(reply["Tus-Resumable"] == "1.0.0", "\(headers)")
        }
        let place = try await client.begin(100)
        #expect(try await client.append([1, 2, 3], at: 0, to: place).status == 204)
        let patches: [([(String, String)], Int)] = [
            ([type, ("Upload-Offset", "3")], 412), ([tus, ("Upload-Offset", "3")], 415),
            ([tus, ("Content-Type", "audio/wav"), ("Upload-Offset", "3")], 415), ([tus, type], 400),
            ([tus, type, ("Upload-Offset", "x")], 400), ([tus, type, ("Upload-Offset", "2")], 409),
            ([tus, type, ("Upload-Offset", "4")], 409), ([tus, type, ("Upload-Offset", "9223372036854775807")], 409),
            ([tus, type, ("Upload-Offset", "3"), ("Upload-Checksum", "md5 AAAA")], 400),
            ([tus, type, ("Upload-Offset", "3"), ("Upload-Checksum", "sha1 AAAA")], 400)
        ]
        for (headers, status) in patches {
            let reply = try await server.send(.PATCH, place, headers, body: [9])
            #expect(reply.status == status && reply["Tus-Resumable"] == "1.0.0", "\(headers)")
        }
        #expect(try await client.append([UInt8](repeating: 0, count: 98), at: 3, to: place).status == 413)
        #expect(try await client.append([], at: 3, to: path + "/" + String(repeating: "a", count: 22)).status == 404)
        #expect(try await client.offset(of: place) == 3)
        #expect(try await server.send(.DELETE, place).status == 412)
        #expect(try await server.send(.PUT, place, [tus]).status == 405)
        #expect(try await server.send(.DELETE, place, [tus]).status == 204)
        #expect(try incoming.isEmpty)
    }

    @Test("A tus request with a checksum is taken in whole or not at all", arguments: ["sha1", "sha256"])
    func checksum(algorithm: String) async throws {
        func sum(_ bytes: [UInt8]) -> (String, String) {
            let digest = algorithm == "sha1" ? Data(Insecure.SHA1.hash(data: bytes)) : Data(SHA256.hash(data: bytes))
            return ("Upload-Checksum", "\(algorithm) \(digest.base64EncodedString())")
        }
        let file = Sound.wav(seconds: 0.5, seed: algorithm == "sha1" ? 79 : 80)
        let place = try await client.begin(file.count)
        let head = Array(file.prefix(10_000))
        #expect(try await client.append(head, at: 0, to: place, sum(head)).status == 204)
        let wrong = try await client.append(file[10_000..<20_000], at: 10_000, to: place, sum(head))
        #expect(wrong.status == 460, "\(wrong.text)")
        #expect(try await client.offset(of: place) == 10_000)
        let rest = Array(file.dropFirst(10_000))
        #expect(try await client.append(rest, at: 10_000, to: place, sum(rest)).status == 204)
        let id = try #require(try await client.outcome(of: place)["track"]?.text)
        #expect(try await server.get("/stream/\(id)/original").body == file)

        let large = [UInt8](repeating: 5, count: 8 << 20 + 1)
        let other = try await client.begin(large.count)
        #expect(try await client.append(large, at: 0, to: other, sum(large)).status == 413)
        #expect(try await client.offset(of: other) == 0)
        #expect(try await server.send(.DELETE, other, [tus]).status == 204)
    }

    @Test("A tus upload goes on at once after a refused request")
    func goesOn() async throws {
        let place = try await client.begin(1000)
        for offset in 0..<50 {
            let wrong = ("Upload-Checksum", "sha1 \(Data(repeating: 0, count: 20).base64EncodedString())")
            #expect(try await client.append([1], at: offset, to: place, wrong).status == 460)
            #expect(try await client.append([1], at: offset + 1, to: place).status == 409)
            #expect(try await client.append([UInt8](repeating: 1, count: 1001), at: offset, to: place).status == 413)
            #expect(try await client.append([1], at: offset, to: place).status == 204)
        }
        #expect(try await server.send(.DELETE, place, [tus]).status == 204)
    }

    @Test("A tus upload that is cut keeps the bytes that came, and goes on from there")
    func cut() async throws {
        let file = Sound.wav(seconds: 2, seed: 81)
        let place = try await client.begin(file.count)
        var offset = 0
        for cut in 1...5 {
            try await RawConnection.run(to: server) { connection in
                let head =
                    "PATCH \(place) HTTP/1.1\r\nHost: localhost\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: \(offset)\r\n"
                    + "Content-Type: application/offset+octet-stream\r\nContent-Length: \(file.count - offset)\r\n\r\n"
                try await connection.send(Array(head.utf8) + file[offset..<min(offset + 10_000 * cut, file.count - 1)])
            }
            // The server learns of the cut when it does; until then the upload is the first connection's.
            let isFree = try await eventually {
                try await client.append([], at: try #require(try await client.offset(of: place)), to: place).status == 204
            }
            try #require(isFree)
            let reached = try #require(try await client.offset(of: place))
            #expect(reached >= offset && reached <= offset + 10_000 * cut)
            offset = reached
        }
        #expect(offset > 0)
        #expect(try await client.append(file[offset...], at: offset, to: place).status == 204)
        let id = try #require(try await client.outcome(of: place)["track"]?.text)
        #expect(try await server.get("/stream/\(id)/original").body == file)
    }

    @Test("A tus upload that several clients write at once is what one of them wrote")
    func races() async throws {
        let file = Sound.wav(seconds: 0.2, seed: 82)
        let rounds = 1_000 / 8
        var (won, lost) = (0, 0)
        let place = Mutex(try await client.begin(file.count))
        var offset = 0
        let step = 1 + file.count / (rounds / 3)
        for _ in 0..<rounds {
            let piece = file[offset..<min(offset + step, file.count)]
            let at = offset
            let upload = place.withLock { $0 }
            let statuses = try await withThrowingTaskGroup(of: Int.self) { tasks in
                for _ in 0..<8 { tasks.addTask { try await client.append(piece, at: at, to: upload).status } }
                return try await tasks.reduce(into: [Int]()) { $0.append($1) }
            }
            #expect(statuses.allSatisfy { [204, 409, 423].contains($0) }, "\(statuses)")
            #expect(statuses.count { $0 == 204 } == 1, "\(statuses)")
            won += statuses.count { $0 == 204 }
            lost += statuses.count { $0 != 204 }
            offset = piece.endIndex
            guard offset == file.count else { continue }
            let id = try #require(try await client.outcome(of: upload)["track"]?.text)
            #expect(try await server.get("/stream/\(id)/original").body == file)
            place.withLock { $0 = "" }
            let next = try await client.begin(file.count)
            place.withLock { $0 = next }
            offset = 0
        }
        print("\(won + lost) PATCHes at once: \(won) won, \(lost) lost")
    }
}

@Suite(
    "A resumable upload of an account", .tags(.codec, .http), .serialized,
    .server(access: .accounts) {
        $0.plans.given = ["small": Plan(quota: ByteSize(50_000), best: Rendition(named: "mp3-96"), isLossless: false, streams: 2)]
    },
    .timeLimit(.minutes(10)))
struct AccountUploadTests {
    @Test("Fifty uploads of an account at once are held to its quota, and are its own")
    func quota() async throws {
        let server = try #require(RunningServer.current)
        let catalogue = server.application.catalogue
        func account(_ name: String) async throws -> (String, String) {
            let id = try await catalogue.addAccount(
                named: name, password: .ofNobody, plan: "small")
            let key = try await catalogue.addKey(account: id, label: "", scopes: .upload).secret.text
            return ("Authorization", "Bearer \(key)")
        }
        let (ada, eve) = (try await account("ada"), try await account("eve"))
        let replies = try await withThrowingTaskGroup(of: Reply.self) { tasks in
            for _ in 0..<50 {
                tasks.addTask { try await server.send(.POST, path, [tus, ada, ("Upload-Length", "9000")]) }
            }
            return try await tasks.reduce(into: [Reply]()) { $0.append($1) }
        }
        #expect(replies.count { $0.status == 201 } == 5)
        for reply in replies where reply.status != 201 { try expectProblem(reply, 507, "over-quota") }
        #expect(try server.files(under: "incoming").count == 5)
        let places = replies.compactMap { $0["Location"] }
        for place in places {
            for method in [HTTPMethod.HEAD, .GET, .DELETE] {
                #expect(try await server.send(method, place, [tus, eve]).status == 404)
                #expect(try await server.send(method, place, [tus]).status == 401)
            }
            let patch = [tus, ("Content-Type", "application/offset+octet-stream"), ("Upload-Offset", "0")]
            #expect(try await server.send(.PATCH, place, patch + [eve], body: [1]).status == 404)
            #expect(try await server.send(.DELETE, place, [tus, ada]).status == 204)
        }
        #expect(try server.files(under: "incoming").isEmpty)
        let again = try await server.send(.POST, path, [tus, ada, ("Upload-Length", "50000")])
        #expect(again.status == 201)
    }
}

@Suite("A deleted track", .tags(.codec, .http), .server { $0.deletionGrace = .milliseconds(500) }, .timeLimit(.minutes(10)))
struct DeletedTrackTests {
    @Test("Deleting a track ends its streams with their chunk, and its bytes go after a while")
    func ends() async throws {
        let server = try #require(RunningServer.current)
        let file = Sound.wav(seconds: 60)
        let track = try await server.upload(file, name: "a.wav")
        let id = try #require(track["id"]?.text)
        // One that takes nothing yet: else all of it could be with the client before it is deleted.
        try await RawConnection.run(to: server, isStalled: true) { connection in
            try await connection.send("GET /stream/\(id)/original HTTP/1.1\r\nHost: localhost\r\n\r\n")
            _ = try await server.get("/metrics") { ($0.series["sweetspot_response_bytes_total"] ?? 0) > 0 }
            #expect(try await server.send(.DELETE, "/api/v1/tracks/\(id)").status == 204)
            #expect(try await server.send(.DELETE, "/api/v1/tracks/\(id)").status == 404)
            #expect(try await server.get("/stream/\(id)/original").status == 404)
            try await connection.resume()
            #expect(try await connection.read(through: "\r\n\r\n").hasPrefix("HTTP/1.1 200 "))
            let got = await connection.readToEnd().count
            #expect(got < file.count, "all \(got) bytes came after the track was deleted")
        }
        let isGone = try await eventually { try server.files(under: "originals").isEmpty }
        try #require(isGone)
    }
}
