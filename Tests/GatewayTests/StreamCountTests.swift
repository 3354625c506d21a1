import Foundation
import Locker
import NIOHTTP1
import TestSupport
import Testing

@testable import Gateway

@Suite(
    "Tracks that a plan lets an account stream at once", .tags(.codec, .http), .serialized,
    .server(access: .accounts) {
        $0.plans.given = ["three": Plan(streams: 3), "any": Plan()]
        $0.cacheDisk = ByteSize(0)
    }, .timeLimit(.minutes(10)))
struct StreamCountTests {
    private static let range = ("Range", "bytes=2000-2999")

    /// An account's key, as a field.
    private func key(plan: String, on server: RunningServer) async throws -> (String, String) {
        let catalogue = server.application.catalogue
        let id = try await catalogue.addAccount(named: uniqueName("a"), password: .ofNobody, plan: plan)
        return ("Authorization", "Bearer \(try await catalogue.addKey(account: id, label: "test", scopes: .all).secret.text)")
    }

    @Test("A track counts whichever way it is served (a plan of three had a fourth, from memory)")
    func fourth() async throws {
        let server = try #require(RunningServer.current)
        let (three, any) = (try await key(plan: "three", on: server), try await key(plan: "any", on: server))
        var songs: [String] = []
        for seed in 40..<44 as Range<UInt64> {
            let file = Sound.wav(seconds: 3, seed: seed)
            let same = try #require(try await server.upload(file, name: "a.wav", [any])["id"]?.text)
            // The other account leaves the sound of all four in memory.
            #expect(try await server.get("/stream/\(same)/mp3-64", any).status == 200)
            songs.append(try #require(try await server.upload(file, name: "a.wav", [three])["id"]?.text))
        }
        let hot = "sweetspot_hot_answers_total"
        for song in songs.prefix(3) {
            let before = try await server.metrics[hot] ?? 0
            for _ in 0..<50 where try await server.metrics[hot] ?? 0 == before {
                #expect(try await server.get("/stream/\(song)/mp3-64", three, Self.range).status == 206)
                #expect(try await server.get("/stream/\(song)/mp3-64", three, Self.range).status == 206)
            }
            #expect(try await server.metrics[hot] ?? 0 > before)
        }
        let before = try await server.metrics[hot] ?? 0
        for _ in 0..<3 {
            // Other ranges of what plays already are no other streams.
            #expect(try await server.get("/stream/\(songs[1])/mp3-64", three, ("Range", "bytes=5000-5009")).status == 206)
            let refused = try await server.get("/stream/\(songs[3])/mp3-64", three, Self.range)
            try expectProblem(refused, 429, "too-many-streams", track: songs[3])
            #expect(refused["Retry-After"] == "30")
        }
        // From memory came only what is let in.
        #expect(try await server.metrics[hot] ?? 0 <= before + 3)
    }

    @Test("A track counts for half a minute after its last answer, from memory too")
    func memory() {
        let count = StreamCount()
        let start = ContinuousClock.now
        #expect(!count.goOn("a", of: 1, now: start))
        let first = count.begin("a", of: 1, limit: 1, now: start)
        #expect(first != nil)
        #expect(count.goOn("a", of: 1, now: start + .seconds(20)) && !count.goOn("a", of: 2, now: start))
        #expect(count.begin("b", of: 1, limit: 1, now: start) == nil)
        #expect(!count.goOn("b", of: 1, now: start))
        withExtendedLifetime(first) {}
    }

    @Test("An answer from memory keeps a track counted whose stream has ended")
    func extended() {
        let count = StreamCount()
        let start = ContinuousClock.now
        _ = count.begin("a", of: 1, limit: 1, now: start)
        #expect(count.goOn("a", of: 1, now: start + .seconds(29)))
        #expect(count.begin("b", of: 1, limit: 1, now: start + .seconds(58)) == nil)
        #expect(count.goOn("a", of: 1, now: start + .seconds(58)))
        // Not past its time: then the limit decides anew.
        #expect(!count.goOn("a", of: 1, now: start + .seconds(90)))
        #expect(count.begin("b", of: 1, limit: 1, now: start + .seconds(90)) != nil)
    }

    @Test("A player that goes on to another track leaves the one before (the fourth track of an album was 429)")
    func players() {
        let count = StreamCount()
        let start = ContinuousClock.now
        for track in ["a", "b", "c", "d", "e"] {
            #expect(count.begin(track, of: 1, by: "one", limit: 2, now: start) != nil)
        }
        // Neither another player nor one that does not say who it is takes their places.
        #expect(count.begin("f", of: 1, by: "two", limit: 2, now: start) == nil)
        #expect(count.begin("f", of: 1, limit: 2, now: start) == nil)
        // The latest two are counted.
        #expect(count.goOn("d", of: 1, now: start) && count.goOn("e", of: 1, now: start) && !count.goOn("c", of: 1, now: start))
        // What is under way is not left.
        let underWay = ["d", "e"].map { count.begin($0, of: 1, by: "one", limit: 2, now: start) }
        #expect(count.begin("f", of: 1, by: "one", limit: 2, now: start) == nil)
        withExtendedLifetime(underWay) {}
    }

    @Test("A visit skips through more tracks than the plan streams at once, and other visits do not take their places")
    func visits() async throws {
        let server = try #require(RunningServer.current)
        let three = try await key(plan: "three", on: server)
        var songs: [String] = []
        for seed in 50..<55 as Range<UInt64> {
            let song = try await server.upload(Sound.wav(seconds: 1, seed: seed), name: "a.wav", [three])
            songs.append(try #require(song["id"]?.text))
        }
        func segment(of song: String, _ visit: String) async throws -> Reply {
            try await server.get("/hls/\(song)/opus-64/0.m4s?gapless", three, ("CMCD-Session", "sid=\"\(visit)\""))
        }
        for song in songs { #expect(try await segment(of: song, "one").status == 200) }
        try expectProblem(try await segment(of: songs[0], "two"), 429, "too-many-streams", track: songs[0])
    }

    @Test("A phone copies more tracks than the plan streams at once, one after the other")
    func phone() async throws {
        let server = try #require(RunningServer.current)
        let three = try await key(plan: "three", on: server)
        let name = try #require(try await server.get("/api/v1/me", three).json["name"]?.text)
        let made = try await server.send(.POST, "/api/v1/app-passwords", [three], body: Array(#"{"label": "phone"}"#.utf8)).json
        let login = "v=1.16.1&c=DSub&u=\(name)&p=\(try #require(made["password"]?.text))"
        for seed in 60..<65 as Range<UInt64> {
            let song = try await server.upload(Sound.wav(seconds: 1, seed: seed), name: "a.wav", [three])
            let reply = try await server.get("/rest/download?\(login)&id=\(try #require(song["id"]?.text))")
            #expect(reply.status == 200 && reply["Content-Type"]?.hasPrefix("audio/") == true)
        }
    }
}
