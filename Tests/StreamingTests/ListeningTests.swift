import Audio
import Testing

@testable import Streaming

@Suite("The place of a listener") struct ListeningTests {
    private let start = ContinuousClock.now
    private let track: OriginalHash
    private let other: OriginalHash
    private var listening = Listening()

    init() throws {
        track = try #require(OriginalHash(bytes: Array(repeating: 1, count: 32)))
        other = try #require(OriginalHash(bytes: Array(repeating: 2, count: 32)))
    }

    /// Asks for a chunk of 2.5 s at `media`, `at` seconds after the start. Gives the deadline in seconds after the start.
    private mutating func ask(
        _ media: Double, at: Double, _ name: String = "a", of track: OriginalHash? = nil, hints: ListenerHints = ListenerHints()
    ) -> (deadline: Double, isNew: Bool, isSequential: Bool) {
        let playback = Playback(listener: Listener(account: "1", credential: name), track: track ?? self.track)
        let place = listening.ask(
            playback, media: .seconds(media)..<Duration.seconds(media + 2.5), hints: hints, now: start + .seconds(at))
        return ((place.deadline - start) / .seconds(1), place.isNew, place.isSequential)
    }

    /// What is asked, and what is answered: seconds of media, seconds of the clock.
    struct Step: Sendable {
        var media: Double
        var at: Double
        var deadline: Double
        var isNew = false
        var isSequential = true
    }

    @Test(
        "A listener's requests have their deadlines, one after the other",
        arguments: [
            "plays as fast as it gets": [
                Step(media: 0, at: 0, deadline: 0, isNew: true, isSequential: false), Step(media: 2.5, at: 0.1, deadline: 2.5),
                Step(media: 5, at: 0.2, deadline: 5), Step(media: 7.5, at: 0.3, deadline: 7.5),
                Step(media: 10, at: 8, deadline: 10)
            ],
            "starts in the middle": [
                Step(media: 100, at: 0, deadline: 0, isNew: true, isSequential: false), Step(media: 102.5, at: 1, deadline: 2.5)
            ],
            "seeks forward": [
                Step(media: 0, at: 0, deadline: 0, isNew: true, isSequential: false),
                Step(media: 60, at: 2, deadline: 2, isSequential: false), Step(media: 62.5, at: 2.1, deadline: 4.5)
            ],
            "seeks back": [
                Step(media: 60, at: 0, deadline: 0, isNew: true, isSequential: false),
                Step(media: 0, at: 9, deadline: 9, isSequential: false), Step(media: 2.5, at: 9.1, deadline: 11.5)
            ],
            "resumes a Range inside what it had been given": [
                Step(media: 0, at: 0, deadline: 0, isNew: true, isSequential: false), Step(media: 2.5, at: 0.1, deadline: 2.5),
                Step(media: 5, at: 0.1, deadline: 5), Step(media: 7.5, at: 0.1, deadline: 7.5),
                Step(media: 5, at: 4, deadline: 5, isSequential: false), Step(media: 7.5, at: 4.1, deadline: 7.5),
                Step(media: 10, at: 4.2, deadline: 10)
            ],
            "pauses, or stalls": [
                Step(media: 0, at: 0, deadline: 0, isNew: true, isSequential: false), Step(media: 2.5, at: 30, deadline: 30),
                Step(media: 5, at: 30.1, deadline: 32.5)
            ],
            "comes back after a minute": [
                Step(media: 0, at: 0, deadline: 0, isNew: true, isSequential: false), Step(media: 2.5, at: 62, deadline: 62),
                Step(media: 5, at: 125, deadline: 125, isNew: true, isSequential: false)
            ]
        ])
    mutating func steps(name: String, steps: [Step]) {
        for step in steps {
            let place = ask(step.media, at: step.at)
            #expect(abs(place.deadline - step.deadline) < 1e-6, "\(step): \(place)")
            #expect(place.isNew == step.isNew && place.isSequential == step.isSequential, "\(step): \(place)")
        }
    }

    @Test("Playback starts when the first sound is there")
    mutating func playbackStartsWhenTheFirstSoundIsThere() {
        _ = ask(0, at: 0)
        let playback = Playback(listener: Listener(account: "1", credential: "a"), track: track)
        listening.begin(playback, now: start + .seconds(2))
        #expect(ask(2.5, at: 2).deadline == 4.5)
        listening.begin(playback, now: start + .seconds(3))
        #expect(ask(5, at: 3).deadline == 7)
    }

    @Test("The buffer that a player reports counts")
    mutating func whatAPlayerSaysOfItsBufferCounts() {
        _ = ask(0, at: 0)
        #expect(ask(2.5, at: 1, hints: ListenerHints(bufferLength: .seconds(20))).deadline == 21)
        #expect(ask(5, at: 1.5).deadline == 23.5)
        #expect(ask(7.5, at: 2, hints: ListenerHints(bufferLength: .seconds(9), deadline: .seconds(4))).deadline == 6)
        #expect(ask(10, at: 3, hints: ListenerHints(deadline: .seconds(-5))).deadline == 3)
        #expect(ask(12.5, at: 4, hints: ListenerHints(bufferLength: .seconds(1e9))).deadline == 604)
    }

    @Test("The next song is the same listener's")
    mutating func theNextSongIsTheSameListeners() {
        _ = ask(0, at: 0)
        let next = ask(0, at: 10, of: other)
        #expect(!next.isNew && next.deadline == 10)
        // The one credential of a household: somebody is still fetching.
        #expect(ask(2.5, at: 11, of: other).isNew == false)
        let third = OriginalHash(bytes: Array(repeating: 3, count: 32))
        #expect(ask(0, at: 12, of: third).isNew)
    }

    @Test("Sound that is left to play keeps a listener known")
    mutating func whatIsLeftToPlayKeepsAListenerKnown() {
        for chunk in 0..<40 { _ = ask(Double(chunk) * 2.5, at: Double(chunk) / 10) }
        // All 100 s were fetched in 4: the last of them is played at 100.
        #expect(ask(0, at: 150, of: other).isNew == false)
        #expect(ask(0, at: 400, of: track).isNew)
    }

    @Test("A listener that was told to come back is new again")
    mutating func whoWasToldToComeBackIsNewAgain() {
        #expect(ask(0, at: 0).isNew)
        listening.forget(Playback(listener: Listener(account: "1", credential: "a"), track: track))
        #expect(ask(0, at: 1).isNew)
        #expect(!ask(2.5, at: 2).isNew)
    }

    @Test("The number of listeners is bounded")
    mutating func listenersAreBounded() {
        listening = Listening(capacity: 100)
        for listener in 0..<1000 { _ = ask(0, at: 0, "\(listener)") }
        #expect(listening.count == 100)
        #expect(!ask(2.5, at: 1, "999").isNew)
        #expect(ask(2.5, at: 1, "0").isNew)
    }
}
