import HTTPTypes
import Hummingbird
import NIOCore
import TestSupport
import Testing

@testable import Gateway

@Suite("Requests of Subsonic", .tags(.http)) struct SubsonicRequestTests {
    @Test("Parameters are decoded as forms are, and can come more than once")
    func parameters() {
        let parameters = SubsonicParameters(query: "a=1+2%203&a=%C3%A9&b&c=&%64=%zz%&e=x=y&s=!%22%2B%26%25")
        #expect(parameters["a"] == "1 2 3" && parameters.all("a") == ["1 2 3", "é"])
        #expect(parameters["b"] == "" && parameters["c"] == "" && parameters["d"] == "%zz%" && parameters["e"] == "x=y")
        #expect(parameters["s"] == "!\"+&%")
        #expect(parameters["x"] == nil && parameters.all("x").isEmpty)
    }

    private func unfolded(
        _ method: HTTPRequest.Method, _ path: String, _ type: String?, _ body: String
    ) async throws -> Request {
        var head = HTTPRequest(method: method, scheme: "http", authority: "x", path: path)
        head.headerFields[.contentType] = type
        return try await SubsonicForm.unfolded(Request(head: head, body: .init(buffer: ByteBuffer(string: body))))
    }

    @Test("A form is the GET with its parameters behind those of the URL; nothing else is changed")
    func forms() async throws {
        let form = "application/x-www-form-urlencoded"
        let posted = try await unfolded(.post, "/rest/ping?a=1", "\(form); charset=UTF-8", "b=2+ü&a=3 \n#?%26")
        #expect(posted.method == .get && posted.uri.path == "/rest/ping")
        let parameters = SubsonicParameters(query: posted.uri.query ?? "")
        #expect(parameters.all("a") == ["1", "3 \n#?&"] && parameters["b"] == "2 ü")
        #expect(try await unfolded(.post, "/rest/ping", nil, "x=1").uri.query == "x=1")
        #expect(try await unfolded(.post, "/rest/ping?y=1", form, "").uri.query == "y=1")
        let json = try await unfolded(.post, "/rest/ping?y=1", "application/json", "{}")
        #expect(json.method == .post && json.uri.query == "y=1")
        // Strawberry's and Substreamer's.
        for type in [form, "application/json"] {
            let get = try await unfolded(.get, "/rest/ping?y=1", type, "")
            #expect(get.method == .get && get.uri.query == "y=1")
        }
        await #expect(throws: SubsonicError.self) {
            try await unfolded(.post, "/rest/ping", form, String(repeating: "a", count: SubsonicForm.longest + 1))
        }
    }

    @Test(
        "A query of everything is written in many ways",
        arguments: [
            ("", nil), ("\"\"", nil), ("''", nil), ("*", nil), ("\"*\"", nil), (" ", nil), ("a", "a"), ("\"a b\"", "a b"),
            ("ab*", "ab"), ("don't", "don't"), ("AC/DC", "AC/DC")
        ] as [(String, String?)])
    func queries(query: String, words: String?) {
        #expect(SubsonicSearch.words(query) == words)
    }
}

@Suite("What is played now", .tags(.http)) struct NowPlayingBoardTests {
    private func play(
        _ board: NowPlayingBoard, _ client: String, track: String = "t", at now: Int, _ state: NowPlayingBoard.State = .playing,
        position: Int = 0, rate: Double = 1
    ) {
        board.update(client, of: 1, track: track, now: now) { entry in
            if entry == nil {
                entry = NowPlayingBoard.Entry(track: track, duration: 100, client: client, started: now, reported: now)
            }
            entry?.state = state
            entry?.position = position
            entry?.rate = rate
            entry?.reported = now
        }
    }

    @Test("A player is shown until its track is over, at the position that it has by now")
    func end() throws {
        let board = NowPlayingBoard()
        play(board, "a", at: 1000, position: 10_000, rate: 2)
        let entry = try #require(board.entries(of: 1, now: 6000).first)
        #expect(entry.position(at: 6000) == 20_000 && entry.position(at: 1_000_000) == 100_000)
        #expect(board.entries(of: 1, now: 1000 + 45_000 + 60_000).count == 1)
        #expect(board.entries(of: 1, now: 1000 + 45_000 + 60_001).isEmpty)
        #expect(board.entries(of: 2, now: 6000).isEmpty)
    }

    @Test("A player that pauses stays where it is, and one that stops is gone")
    func states() throws {
        let board = NowPlayingBoard()
        play(board, "a", at: 1000, .paused, position: 10_000)
        #expect(board.entries(of: 1, now: 500_000).first?.position(at: 500_000) == 10_000)
        #expect(board.entries(of: 1, now: 1000 + 30 * 60 * 1000 + 1).isEmpty)
        play(board, "a", at: 2000, .stopped)
        #expect(board.entries(of: 1, now: 2000).isEmpty)
    }

    @Test("Each player has one entry, and an account has few")
    func players() {
        let board = NowPlayingBoard()
        for number in 0..<40 { play(board, "\(number)", at: number) }
        #expect(board.entries(of: 1, now: 40).count == 16 && board.entries(of: 1, now: 40).first?.client == "39")
        play(board, "39", track: "u", at: 50)
        let entries = board.entries(of: 1, now: 50)
        #expect(entries.count == 16 && entries.first?.track == "u")
    }
}
