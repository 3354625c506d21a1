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
        // The one endpoint that takes JSON, of a client that calls it a form or nothing.
        for (path, type) in [("/rest/getTranscodeDecision?y=1", form), ("/rest/getTranscodeDecision.view?y=1", nil)] {
            let decision = try await unfolded(.post, path, type, " \n{\"a\": 1}")
            #expect(decision.method == .post && decision.uri.query == "y=1")
            #expect(try await String(buffer: decision.body.collect(upTo: 100)) == " \n{\"a\": 1}")
            #expect(try await unfolded(.post, path, type, "x=1").uri.query == "y=1&x=1")
        }
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
        "Whole numbers are read as programs print them",
        arguments: [
            ("5", 5), ("-5", -5), ("10.", 10), ("1700000000000.0", 1_700_000_000_000), ("61234.5", 61_234), ("-1.9", -1),
            ("", nil), ("-", nil), (".", nil), (".5", nil), ("1.x", nil), ("1.2.3", nil), ("1e3", nil), ("+5", nil), ("--5", nil),
            ("99999999999999999999", nil)
        ] as [(String, Int?)])
    func numbers(text: String, number: Int?) {
        #expect((try? SubsonicRequest.number(text, "x")) == number)
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
        board.update(client, of: 1, track: track, at: position, now: now) { entry in
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

    @Test("What ends after the beginning of the next is not shown in its place, nor once the next has ended")
    func mixed() {
        let board = NowPlayingBoard()
        play(board, "a", track: "t", at: 1000)
        play(board, "a", track: "u", at: 101_000)
        play(board, "a", track: "t", at: 101_000, .stopped, position: 100_000)
        #expect(board.entries(of: 1, now: 101_000).map(\.track) == ["u"])
        play(board, "a", track: "v", at: 102_000, .stopped, position: 100_000)
        #expect(board.entries(of: 1, now: 102_000).map(\.track) == ["u"])
        play(board, "a", track: "u", at: 103_000, .stopped, position: 2000)
        #expect(board.entries(of: 1, now: 103_000).isEmpty)
    }

    @Test(
        "Reports are of one play, or of another",
        arguments: [
            // The clock is off, a pause, a seek back and forth, taken up an hour later.
            (60_003, 60_000, true), (0, 50_000, true), (0, 170_000, false), (70_000, 300_000, true), (60_000, 250_000, true),
            (90_000, 61_000, true), (61_000, 3_600_000, true), (20_000, 3_600_000, false), (0, 100_000, false)
        ])
    func plays(position: Int, passed: Int, isSame: Bool) {
        let board = NowPlayingBoard()
        play(board, "a", at: 1000)
        play(board, "a", at: 61_000, position: 60_000)
        board.update("a", of: 1, track: "t", at: 60_000, now: 61_000) { (entry: inout NowPlayingBoard.Entry?) -> Void in
            entry?.counted = .byPositions
        }
        play(board, "a", track: "u", at: 62_000)
        let now = 1000 + passed
        for isStart in [true, false] {
            board.update("a", of: 1, track: "t", at: position, isStart: isStart, now: now) { entry in
                #expect((entry != nil) == isSame, "\(position) at \(passed)")
            }
        }
    }

    @Test("A play that is submitted is the one that was reported, if the time is near")
    func submitted() {
        func known(_ time: Int?, now: Int) -> Bool {
            let board = NowPlayingBoard()
            board.update("a", of: 1, track: "t", at: 60_000, now: 1_060_000) { entry in
                entry = .init(track: "t", duration: 100, client: "a", started: 1_000_000, reported: 1_060_000)
                entry?.counted = .byPositions
            }
            play(board, "a", track: "u", at: 1_100_000)
            return board.submit("a", of: 1, track: "t", duration: 100, at: time, now: now)
        }
        for time in [nil, 1_000_000, 941_000, 1_100_000] { #expect(known(time, now: 1_101_000), "\(time ?? 0)") }
        for time in [5, 939_000, 1_500_000] { #expect(!known(time, now: 1_501_000), "\(time)") }
        #expect(!known(nil, now: 9_000_000))
    }
}
