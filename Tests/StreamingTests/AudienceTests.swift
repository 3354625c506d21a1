import Audio
import Synchronization
import Testing

@testable import Streaming

@Suite("An audience")
struct AudienceTests {
    private let audience = Audience(readAhead: 2, pace: Pace())
    private let listener = Listener(account: "1", credential: "a")
    private let playback: Playback

    init() throws {
        playback = Playback(listener: listener, track: try #require(OriginalHash(bytes: Array(repeating: 7, count: 32))))
    }

    private func ask(_ seconds: Range<Int>, isHere: Bool = false) -> (demand: Demand, isSequential: Bool) {
        audience.ask(
            playback, media: .seconds(seconds.lowerBound)..<Duration.seconds(seconds.upperBound), duration: .seconds(3),
            hints: ListenerHints(), isHere: isHere)
    }

    @Test("An audience knows a listener from its second demand on, and whether it goes on")
    func standing() {
        let first = ask(0..<3)
        #expect(first.demand.standing == .new && first.demand.isStart && !first.isSequential)
        #expect(first.demand.playback == playback && first.demand.duration == .seconds(3))
        audience.begin(playback)
        let second = ask(3..<6)
        #expect(second.demand.standing == .known && !second.demand.isStart && second.isSequential)
        #expect(second.demand.deadline > first.demand.deadline)
        audience.forget(playback)
        #expect(ask(6..<9).demand.standing == .new)
    }

    @Test("A new listener's one answer counts for all that it listens to, and not one of two")
    func alone() {
        let one = audience.underWay(listener)
        #expect(ask(0..<3).demand.isOnly)
        audience.forget(playback)
        let two = audience.underWay(listener)
        #expect(!ask(0..<3).demand.isOnly)
        audience.forget(playback)
        withExtendedLifetime(two) {}
        withExtendedLifetime(one) {}
    }

    @Test("An audience holds the latest places that no listener has yet, and releases the oldest outside its lock")
    func warmPlaces() {
        let gone = Mutex<[Int]>([])
        for number in 0..<Audience.warmPlaces + 3 {
            audience.keepWarm(
                ChunkLease(.place) { [audience] in
                    gone.withLock { $0.append(number) }
                    if number == 0 { audience.keepWarm(ChunkLease(.place)) }
                })
        }
        // The first that went brought one more, and so another went.
        #expect(gone.withLock { $0 } == [0, 1, 2, 3])
    }
}
