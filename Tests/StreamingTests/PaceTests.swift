import Testing

@testable import Streaming

@Suite("The pace of a transfer") struct PaceTests {
    private let start = ContinuousClock.now

    /// Plays pieces of 2.5 s until `length` has been given; each takes the client `taking`. Gives when each piece had been given.
    private func deliver(
        _ length: Duration, pace: Pace = Pace(), taking: (Duration) -> Duration = { _ in .zero }
    ) -> [(sent: Duration, at: Duration, pause: Duration)] {
        var response = Pace.Response(pace, now: start)
        var (now, sent) = (Duration.zero, Duration.zero)
        var pieces: [(Duration, Duration, Duration)] = []
        while sent < length {
            now += taking(sent)
            sent += .seconds(2.5)
            let pause = response.pause(after: .seconds(2.5), now: start + now)
            pieces.append((sent, now, pause))
            now += pause
        }
        return pieces
    }

    @Test("The first minute is not held back")
    func theFirstMinuteIsNotHeldBack() {
        let pieces = deliver(.seconds(180))
        #expect(pieces.filter { $0.sent < .seconds(60) }.allSatisfy { $0.pause == .zero })
        #expect(pieces.filter { $0.sent > .seconds(60) }.allSatisfy { $0.pause == .seconds(2) })
    }

    @Test("A resumed transfer gets no new lead")
    func aResumedTransferGetsNoNewLead() {
        for (ahead, free) in [(Duration.seconds(40), 7), (.seconds(70), 3), (.zero, 23), (.seconds(-5), 23)] {
            var response = Pace.Response(Pace(), now: start)
            response.begin(ahead: ahead)
            let pauses = (0..<30).map { _ in response.pause(after: .seconds(2.5), now: start) }
            #expect(pauses.prefix { $0 == .zero }.count == free, "\(ahead)")
        }
    }

    @Test("After the lead a transfer is a quarter faster than it plays")
    func afterThatAQuarterFasterThanItPlays() throws {
        let pieces = deliver(.seconds(600))
        let first = try #require(pieces.first { $0.sent >= .seconds(60) })
        let last = try #require(pieces.last)
        #expect(abs((last.sent - first.sent) / (last.at - first.at) - 1.25) < 1e-9)
        #expect(pieces.allSatisfy { $0.pause <= .seconds(2) })
    }

    @Test("Time that the client takes counts", arguments: [0.5, 1.9])
    func timeTheClientTakesCounts(seconds: Double) throws {
        let pieces = deliver(.seconds(600)) { $0 < .seconds(60) ? .zero : .seconds(seconds) }
        let paced = pieces.filter { $0.sent > .seconds(200) }
        let (first, last) = (try #require(paced.first), try #require(paced.last))
        #expect(abs((last.sent - first.sent) / (last.at - first.at) - 1.25) < 0.01)
        #expect(paced.allSatisfy { abs($0.pause / .seconds(1) - (2 - seconds)) < 1e-6 })
    }

    @Test("A client that takes less is not held back")
    func aClientThatTakesLessIsNotHeldBack() {
        let pieces = deliver(.seconds(600)) { $0 < .seconds(60) ? .zero : .seconds(2.5) }
        #expect(pieces.filter { $0.sent > .seconds(65) }.allSatisfy { $0.pause == .zero })
    }

    @Test("Bytes that a paused client did not take are no burst")
    func whatAPausedClientDidNotTakeIsNoBurst() {
        let pieces = deliver(.seconds(300)) { $0 == .seconds(150) ? .seconds(10) : .zero }
        // It is still over a minute ahead when it goes on, and gets a piece at a time as before.
        #expect(pieces.filter { $0.sent > .seconds(155) }.allSatisfy { $0.pause == .seconds(2) })
    }

    @Test("A client that fell behind catches up")
    func aClientThatFellBehindCatchesUp() throws {
        let pieces = deliver(.seconds(300)) { $0 == .seconds(100) ? .seconds(600) : .zero }
        #expect(pieces.filter { $0.sent > .seconds(100) }.allSatisfy { $0.pause == .zero })
    }

    @Test("A pace below real time is no pace")
    func aPaceBelowRealTimeIsNone() {
        #expect(Pace(rate: 0.5).rate == 1 && Pace(rate: -1).rate == 1)
    }
}
