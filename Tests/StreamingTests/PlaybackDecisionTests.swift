import Audio
import Testing

@testable import Streaming

@Suite("A rung is chosen by what is known, and hints only lower it")
struct PlaybackDecisionTests {
    private static func hints(_ maximum: Int? = nil, saves: Bool = false, throughput: Int? = nil, urgent: Bool = false)
        -> NetworkHints
    {
        var hints = NetworkHints()
        (hints.maximum, hints.savesData, hints.throughput, hints.isUrgent) = (maximum, saves, throughput, urgent)
        return hints
    }

    @Test(
        "A rung is chosen with its causes",
        arguments: [
            (hints(), 320, [.top]), (hints(1000), 320, [.top]), (hints(100), 96, [.maximum]), (hints(96), 96, [.maximum]),
            (hints(10), 48, [.maximum, .lowest]), (hints(0), 48, [.maximum, .lowest]),
            (hints(saves: true), 64, [.saveData]), (hints(50, saves: true), 48, [.maximum, .saveData]),
            (hints(throughput: 200), 160, [.throughput]), (hints(throughput: 199), 128, [.throughput]),
            (hints(throughput: 200, urgent: true), 96, [.urgency]), (hints(throughput: 5000), 320, [.top]),
            (hints(128, throughput: 90), 64, [.maximum, .throughput]), (hints(urgent: true), 320, [.top])
        ] as [(NetworkHints, Int, [PlaybackDecision.Cause])])
    func choice(_ hints: NetworkHints, _ bitrate: Int, _ causes: [PlaybackDecision.Cause]) throws {
        let decision = try #require(PlaybackDecision(among: Ladder.mp3.rungs, hints: hints))
        #expect(decision.rendition.bitrate == bitrate && decision.reasons.map(\.cause) == causes)
        #expect(PlaybackDecision(among: [], hints: hints) == nil)
    }

    @Test("Every hint more lowers the choice or leaves it")
    func lowering() throws {
        let all: [NetworkHints] = [nil, 0, 64, 150, 500].flatMap { maximum in
            [false, true].flatMap { saves in
                [nil, 0, 70, 400].flatMap { throughput in
                    [false, true].map { Self.hints(maximum, saves: saves, throughput: throughput, urgent: $0) }
                }
            }
        }
        for hints in all {
            let chosen = try #require(PlaybackDecision(among: Ladder.opus.rungs, hints: hints)).rendition.bitrate
            for without in [
                Self.hints(nil, saves: hints.savesData, throughput: hints.throughput, urgent: hints.isUrgent),
                Self.hints(hints.maximum, throughput: hints.throughput, urgent: hints.isUrgent),
                Self.hints(hints.maximum, saves: hints.savesData)
            ] {
                #expect(try chosen <= #require(PlaybackDecision(among: Ladder.opus.rungs, hints: without)).rendition.bitrate)
            }
        }
    }

    @Test("A master loses only what the listener does not want, and never everything")
    func wanted() {
        let rungs = Ladder.aac.rungs
        #expect(PlaybackDecision.wanted(rungs, hints: Self.hints(throughput: 50)) == rungs)
        #expect(PlaybackDecision.wanted(rungs, hints: Self.hints(100)).map(\.bitrate) == [32, 64, 96])
        #expect(PlaybackDecision.wanted(rungs, hints: Self.hints(1)).map(\.bitrate) == [32])
    }

    @Test("A choice stands for six hours, for its listener alone")
    func kept() throws {
        let choices = KeptChoices<String>(capacity: 2)
        let start = ContinuousClock.now
        func bitrate(_ listener: String, _ throughput: Int, after hours: Int) throws -> Int {
            let decision = choices.decision(for: listener, now: start + .seconds(3600 * hours)) {
                PlaybackDecision(among: Ladder.mp3.rungs, hints: Self.hints(throughput: throughput))
            }
            return try #require(decision).rendition.bitrate
        }
        #expect(try bitrate("a", 200, after: 0) == 160)
        #expect(try bitrate("a", 50, after: 5) == 160 && bitrate("b", 50, after: 5) == 48)
        #expect(try bitrate("a", 50, after: 6) == 48)
        // The third listener takes the place of the one least lately heard of.
        #expect(try bitrate("c", 400, after: 6) == 320 && bitrate("b", 400, after: 6) == 320)
    }
}
