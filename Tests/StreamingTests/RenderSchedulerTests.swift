import Audio
import Testing

@testable import Streaming

@Suite("The order of renders") struct RenderSchedulerTests {
    private let now = ContinuousClock.now
    private let track: OriginalHash

    init() throws { track = try #require(OriginalHash(bytes: Array(repeating: 1, count: 32))) }

    private func demand(
        _ seconds: Double, _ urgency: Demand.Urgency = .listening, _ account: String = "a", _ player: Int = 0,
        _ standing: Demand.Standing = .underWay
    ) -> Demand {
        let playback = Playback(listener: Listener(account: account, credential: "\(player)"), track: track)
        return Demand(
            deadline: now + .seconds(seconds), urgency: urgency, playback: playback, standing: standing, duration: .seconds(2.5))
    }

    /// Starts and ends whatever there is, one after the other.
    private func drain(_ scheduler: inout RenderScheduler<String>, at seconds: Double = 0) -> [String] {
        var order: [String] = []
        while let key = scheduler.startNext(now: now + .seconds(seconds)) {
            order.append(key)
            scheduler.finish(key, now: now + .seconds(seconds))
        }
        return order
    }

    private func ticket(_ verdict: RenderScheduler<String>.Verdict) throws -> Int {
        switch verdict {
        case .lead(let ticket), .join(let ticket): ticket
        case .busy: throw StreamError.busy
        }
    }

    struct Claim: Sendable {
        var key: String
        var deadline: Double
        var urgency: Demand.Urgency = .listening
    }

    @Test(
        "Chunks are rendered by urgency, deadline and arrival",
        arguments: [
            ([Claim(key: "b", deadline: 2), Claim(key: "a", deadline: 1), Claim(key: "c", deadline: 2)], "abc"),
            ([Claim(key: "a", deadline: 1), Claim(key: "b", deadline: 1), Claim(key: "c", deadline: 1)], "abc"),
            // Each class before the next, whatever the deadlines.
            (
                [
                    Claim(key: "d", deadline: 0, urgency: .warming), Claim(key: "b", deadline: 5, urgency: .readAhead),
                    Claim(key: "a", deadline: 60), Claim(key: "c", deadline: 6, urgency: .readAhead)
                ], "abcd"
            ),
            // The most urgent claim counts, whoever made it and in whatever order.
            (
                [
                    Claim(key: "b", deadline: 3), Claim(key: "a", deadline: 9, urgency: .readAhead), Claim(key: "a", deadline: 2),
                    Claim(key: "a", deadline: 7)
                ], "ab"
            ),
            ([Claim(key: "a", deadline: 2), Claim(key: "b", deadline: 3), Claim(key: "a", deadline: 1, urgency: .warming)], "ab")
        ])
    func order(claims: [Claim], expected: String) {
        var scheduler = RenderScheduler<String>(workers: 1, capacity: 100)
        for claim in claims { _ = scheduler.request(claim.key, demand(claim.deadline, claim.urgency), now: now) }
        let order = drain(&scheduler)
        #expect(order.joined() == expected)
    }

    @Test("Work ahead waits while a listener waits for a worker")
    func pressed() {
        var scheduler = RenderScheduler<String>(workers: 2, capacity: 100)
        var seen = [scheduler.isPressed(now: now)]
        _ = scheduler.request("ahead", demand(5, .readAhead), now: now)
        _ = scheduler.request("warm", demand(5, .warming), now: now)
        seen.append(scheduler.isPressed(now: now))
        _ = scheduler.request("a", demand(1), now: now)
        seen.append(scheduler.isPressed(now: now))
        _ = scheduler.startNext(now: now)
        seen.append(scheduler.isPressed(now: now))
        #expect(seen == [false, false, true, false])
    }

    @Test("Work ahead waits while listeners need more than half of the workers, and not after they have left")
    func loaded() {
        var scheduler = RenderScheduler<String>(workers: 2, capacity: 100)
        // Each chunk takes a worker for half as long as it plays, three times in a row.
        var time = now
        for round in 0..<30 {
            for player in 0..<3 {
                let key = "\(player).\(round)"
                let seconds = (time - now) / .seconds(1) + 2.5
                _ = scheduler.request(key, demand(seconds, .listening, "a", player), now: time)
                _ = scheduler.startNext(now: time)
                time += .milliseconds(1250)
                scheduler.finish(key, now: time)
            }
        }
        let seen = [scheduler.isPressed(now: time), scheduler.isPressed(now: time + .seconds(60))]
        #expect(seen == [true, false])
    }

    @Test("The first request for a chunk leads, and the others join it")
    func oneAskerLeadsAndTheOthersJoin() {
        var scheduler = RenderScheduler<String>(workers: 1, capacity: 4)
        let verdicts = [
            scheduler.request("a", demand(0), now: now), scheduler.request("a", demand(0), now: now),
            scheduler.request("b", demand(0), now: now)
        ]
        #expect(verdicts == [.lead(1), .join(2), .lead(3)])
        _ = scheduler.startNext(now: now)
        let joined = scheduler.request("a", demand(0), now: now)
        #expect(joined == .join(4))
    }

    @Test("A chunk falls back when its most urgent waiter leaves")
    func aChunkFallsBackWhenItsMostUrgentWaiterLeaves() throws {
        var scheduler = RenderScheduler<String>(workers: 1, capacity: 9)
        _ = scheduler.request("a", demand(9, .readAhead), now: now)
        let urgent = try ticket(scheduler.request("a", demand(1), now: now))
        _ = scheduler.request("b", demand(5), now: now)
        _ = scheduler.request("c", demand(8, .readAhead), now: now)
        let isDropped = scheduler.leave("a", ticket: urgent)
        let order = drain(&scheduler)
        #expect(!isDropped && order == ["b", "c", "a"])
    }

    @Test("A queued chunk is dropped with its last waiter")
    func aQueuedChunkIsDroppedWithItsLastWaiter() throws {
        var scheduler = RenderScheduler<String>(workers: 1, capacity: 9)
        let tickets = [
            try ticket(scheduler.request("a", demand(0), now: now)), try ticket(scheduler.request("a", demand(1), now: now))
        ]
        let isDropped = [
            scheduler.leave("a", ticket: tickets[0]), scheduler.leave("a", ticket: tickets[0]),
            scheduler.leave("a", ticket: tickets[1])
        ]
        #expect(isDropped == [false, false, true])
        let order = drain(&scheduler)
        #expect(order.isEmpty)
    }

    @Test("A started chunk outlives its waiters")
    func aStartedChunkOutlivesItsWaiters() throws {
        var scheduler = RenderScheduler<String>(workers: 1, capacity: 9)
        let first = try ticket(scheduler.request("a", demand(0), now: now))
        _ = scheduler.startNext(now: now)
        let isDropped = scheduler.leave("a", ticket: first)
        let again = scheduler.request("a", demand(0), now: now)
        #expect(!isDropped && again == .join(2))
    }

    @Test("A late departure does not drop the next render of the same chunk")
    func aLateLeaverDoesNotDropTheNextFlightOfTheSameChunk() throws {
        var scheduler = RenderScheduler<String>(workers: 1, capacity: 9)
        let old = try ticket(scheduler.request("a", demand(0), now: now))
        _ = drain(&scheduler)
        _ = scheduler.request("a", demand(0), now: now)
        let isDropped = scheduler.leave("a", ticket: old)
        let order = drain(&scheduler)
        #expect(!isDropped && order == ["a"])
    }

    @Test(
        "Each urgency has its number of slots at once",
        arguments: [(1, nil, 2, 1), (2, nil, 3, 1), (4, nil, 5, 3), (2, 3, 3, 3)] as [(Int, Int?, Int, Int)])
    func slots(workers: Int, slotsAhead: Int?, listening: Int, ahead: Int) {
        for (urgency, expected) in [(Demand.Urgency.listening, listening), (.readAhead, ahead), (.warming, ahead)] {
            var scheduler = RenderScheduler<String>(workers: workers, capacity: 100, slotsAhead: slotsAhead)
            for key in 0..<20 { _ = scheduler.request("\(key)", demand(0, urgency), now: now) }
            var started = 0
            while scheduler.startNext(now: now) != nil { started += 1 }
            #expect(started == expected, "\(urgency)")
        }
    }

    @Test("The slot beyond the workers is for listeners")
    func theSlotBeyondTheWorkersIsForListeners() {
        var scheduler = RenderScheduler<String>(workers: 2, capacity: 100)
        for key in ["a", "b"] { _ = scheduler.request(key, demand(0), now: now) }
        _ = scheduler.request("ahead", demand(0, .readAhead), now: now)
        let first = [scheduler.startNext(now: now), scheduler.startNext(now: now), scheduler.startNext(now: now)]
        #expect(first == ["a", "b", nil])
        scheduler.finish("a", now: now)
        let second = scheduler.startNext(now: now)
        #expect(second == "ahead")
    }

    @Test("A listener that joins a running chunk ahead frees its slot")
    func aListenerWhoComesToARunningChunkAheadFreesItsSlot() {
        var scheduler = RenderScheduler<String>(workers: 2, capacity: 100)
        for key in ["a", "b"] { _ = scheduler.request(key, demand(1, .readAhead), now: now) }
        let first = [scheduler.startNext(now: now), scheduler.startNext(now: now)]
        #expect(first == ["a", nil])
        _ = scheduler.request("a", demand(0), now: now)
        let second = scheduler.startNext(now: now)
        #expect(second == "b")
    }

    @Test("A full queue refuses new listeners only")
    func aFullQueueRefusesOnlyWhoIsNew() {
        var scheduler = RenderScheduler<String>(workers: 1, capacity: 2)
        for key in ["1", "2", "3", "4"] { _ = scheduler.request(key, demand(0), now: now) }
        while scheduler.startNext(now: now) != nil {}
        let verdicts: [(Demand, Bool)] = [
            (demand(0, .listening, "a", 9, .new), false), (demand(0, .readAhead), false), (demand(0, .warming), false),
            (demand(0, .listening, "a", 9, .known), true), (demand(0, .listening, "a", 9, .underWay), true)
        ]
        for (place, (demand, isTaken)) in verdicts.enumerated() {
            let verdict = scheduler.request("new \(place)", demand, now: now)
            #expect((verdict != .busy) == isTaken, "\(demand)")
        }
        let joined = scheduler.request("3", demand(0, .listening, "a", 9, .new), now: now)
        #expect(joined != .busy)
        // Nobody plays five places of a song at once.
        var isTaken: [Bool] = []
        for place in 0..<5 {
            isTaken.append(scheduler.request("seek \(place)", demand(0, .listening, "a", 7, .known), now: now) != .busy)
        }
        #expect(isTaken == [true, true, true, true, false])
    }

    @Test("Work ahead takes no place from a new listener")
    func whatIsRenderedAheadTakesNoPlaceFromANewListener() {
        var scheduler = RenderScheduler<String>(workers: 1, capacity: 3)
        for key in 0..<3 { _ = scheduler.request("\(key)", demand(1, .readAhead), now: now) }
        let full = scheduler.request("more", demand(1, .readAhead), now: now)
        let new = scheduler.request("new", demand(0, .listening, "a", 9, .new), now: now)
        let order = drain(&scheduler)
        #expect(full == .busy && new != .busy && order.first == "new")
    }

    @Test("The account that had less comes first once a chunk is late")
    func whoHadLessComesFirstOnceSomebodyIsLate() {
        var scheduler = RenderScheduler<String>(workers: 1, capacity: 100)
        _ = scheduler.request("had", demand(0, .listening, "much"), now: now)
        _ = scheduler.startNext(now: now)
        scheduler.finish("had", now: now + .seconds(3))
        for (key, deadline, account) in [
            ("m1", 3.1, "much"), ("m2", 3.2, "much"), ("l2", 3.9, "little"), ("l1", 3.3, "little"), ("l3", 9, "little")
        ] {
            _ = scheduler.request(key, demand(deadline, .listening, account), now: now)
        }
        // Nobody is late: the earliest deadline. Then m2 is, and of those due within 250 ms the other account's goes first.
        let early = scheduler.startNext(now: now + .seconds(3))
        scheduler.finish("m1", now: now + .seconds(3.21))
        let rest = drain(&scheduler, at: 3.21)
        #expect(early == "m1" && rest == ["l1", "m2", "l2", "l3"])
    }

    @Test("A listener that starts yields to chunks that are played at once")
    func whoOnlyStartsLetsGoFirstWhatIsPlayedAtOnce() {
        var scheduler = RenderScheduler<String>(workers: 1, capacity: 100)
        for (key, deadline, isStart) in [("s1", 0.0, true), ("s2", 0.1, true), ("p1", 1.2, false), ("p2", 1.3, false)] {
            var demand = demand(deadline)
            demand.isStart = isStart
            _ = scheduler.request(key, demand, now: now)
        }
        // A start that has waited for a second is not late: p1 is due within 250 ms, p2 is not.
        let order = drain(&scheduler, at: 1)
        #expect(order == ["p1", "s1", "s2", "p2"])
    }

    @Test("An account's share halves in ten seconds")
    func aShareHalvesInTenSeconds() {
        var share = FairShare()
        share.charge("a", 8, now: now)
        #expect(abs(share.seconds(of: "a", now: now + .seconds(10)) - 4) < 1e-9)
        share.charge("a", 1, now: now + .seconds(20))
        #expect(abs(share.seconds(of: "a", now: now + .seconds(20)) - 3) < 1e-9)
        #expect(share.seconds(of: "b", now: now) == 0)
    }

    @Test("A chunk that is loaded needs no worker unless the load fails")
    func aChunkThatIsLoadedNeedsNoWorkerUnlessTheLoadFails() throws {
        var scheduler = RenderScheduler<String>(workers: 1, capacity: 1)
        _ = scheduler.request("bad", demand(0), isHeld: true, now: now)
        _ = scheduler.request("bad", demand(3), now: now)
        _ = scheduler.request("good", demand(0), isHeld: true, now: now)
        let forgotten = try ticket(scheduler.request("forgotten", demand(0), isHeld: true, now: now))
        let isDropped = scheduler.leave("forgotten", ticket: forgotten)
        let nothing = scheduler.startNext(now: now)
        #expect(!isDropped && nothing == nil)
        let isQueued = [scheduler.release("bad"), scheduler.release("forgotten")]
        scheduler.finish("good", now: now)
        let order = drain(&scheduler)
        #expect(isQueued == [true, false] && order == ["bad"])
    }

    @Test("Renders that share a worker are not counted twice")
    func rendersThatShareAWorkerAreNotCountedTwice() {
        var scheduler = RenderScheduler<String>(workers: 1, capacity: 9)
        for (key, account) in [("a", "a"), ("b", "b")] { _ = scheduler.request(key, demand(0, .listening, account), now: now) }
        while scheduler.startNext(now: now) != nil {}
        scheduler.finish("a", now: now + .seconds(2))
        scheduler.finish("b", now: now + .seconds(4))
        let (a, b) = (
            scheduler.share.seconds(of: "a", now: now + .seconds(2)), scheduler.share.seconds(of: "b", now: now + .seconds(4))
        )
        #expect(abs(a - 1) < 1e-6 && abs(b - 3) < 1e-6)
    }

    @Test("A worker that hung keeps no listener out")
    func aWorkerThatHungKeepsNobodyOut() {
        var load = ListeningLoad(workers: 2)
        func playback(_ player: Int) -> Playback {
            Playback(listener: Listener(account: "a", credential: "\(player)"), track: track)
        }
        for player in 0..<40 { load.asked(playback(player), ahead: false, played: now + .seconds(30), now: now) }
        for player in 0..<3 { load.rendered(for: playback(player), rate: 30) }
        let hasRoom = load.hasRoom(for: "a", now: now)
        #expect(hasRoom && load.typicalRate < 0.05)
        // Even where every chunk takes for ever, one a worker is let in once the others have left.
        for player in 0..<200 { load.rendered(for: playback(player % 40), rate: 30) }
        let isFull = !load.hasRoom(for: "a", now: now + .seconds(1))
        let hasRoomLater = load.hasRoom(for: "a", now: now + .seconds(60))
        #expect(isFull && hasRoomLater)
    }

    @Test("A listener that skips counts once")
    func whoeverSkipsCountsOnce() {
        func playback(_ track: Int) -> Playback? {
            OriginalHash(bytes: (0..<32).map { UInt8(truncatingIfNeeded: track >> ($0 * 8)) })
                .map { Playback(listener: Listener(account: "a", credential: "c"), track: $0) }
        }
        var skipping = RenderScheduler<String>(workers: 2, capacity: 9)
        var crowd = RenderScheduler<String>(workers: 2, capacity: 9)
        var refused = 0
        for track in 0..<1000 {
            let time = now + .milliseconds(10 * track)
            var demand = Demand(deadline: time, playback: playback(track), standing: .new, duration: .seconds(3))
            // One credential with many answers at once is many listeners.
            if case .busy = crowd.request("\(track)", demand, now: time) { refused += 1 }
            while crowd.startNext(now: time) != nil {}
            crowd.finish("\(track)", now: time + .milliseconds(8))
            demand.isOnly = true
            let verdict = skipping.request("\(track)", demand, now: time)
            #expect(verdict == .lead(track + 1))
            while skipping.startNext(now: time) != nil {}
            skipping.finish("\(track)", now: time + .milliseconds(8))
        }
        let counted = skipping.load.count
        #expect(refused > 100 && counted == 1)
    }

    @Test("A listener counts until it has played what it asked for")
    func aListenerCountsUntilItHasPlayedWhatItAskedFor() {
        var load = ListeningLoad(workers: 1)
        for player in 0..<200 {
            let playback = Playback(listener: Listener(account: "a", credential: "\(player)"), track: track)
            load.asked(playback, ahead: false, played: now + .seconds(player < 100 ? 3 : 60), now: now)
        }
        func counts(_ load: ListeningLoad, after seconds: Int) -> Int {
            var load = load
            _ = load.hasRoom(for: "a", now: now + .seconds(seconds))
            return load.count
        }
        #expect([5, 7, 19, 21].map { counts(load, after: $0) } == [200, 100, 100, 0])
    }
}
