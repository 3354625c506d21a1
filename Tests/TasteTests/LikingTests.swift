import Taste
import Testing

/// What plays, skips, favourites and time make of a weight.
struct LikingTests {
    private let day: Int64 = 86_400_000

    @Test func `a weight halves in each half-life`() {
        #expect(abs(Decay.taste.weight(8, from: 0, to: 180 * day) - 4) < 1e-9)
        #expect(abs(Decay.now.weight(8, from: 0, to: 28 * day) - 2) < 1e-9)
        #expect(Decay.taste.weight(3, from: 7, to: 7) == 3)
    }

    @Test func `plays told late weigh what they would have weighed`() {
        var inOrder = Liking(at: 0)
        var late = Liking(at: 0)
        inOrder.add(1, at: 10 * day)
        inOrder.add(2, at: 100 * day)
        late.add(2, at: 100 * day)
        late.add(1, at: 10 * day)
        #expect(abs(inOrder.weight - late.weight) < 1e-12)
        #expect(late.at == 100 * day)
    }

    @Test func `weights of different times compare as they would at one time`() {
        let early = (weight: 5.0, at: 0 * day)
        let late = (weight: 2.0, at: 200 * day)
        let then = Decay.taste.weight(early.weight, from: early.at, to: late.at)
        #expect((then > late.weight) == (Decay.taste.order(5, at: 0) > Decay.taste.order(2, at: 200 * day)))
        #expect(Decay.taste.order(0, at: 5) == Decay.taste.order(-3, at: 900))
        #expect(Decay.taste.order(.nan, at: 0) == -.greatestFiniteMagnitude)
    }

    @Test(
        arguments: [
            (.play(heard: 100_000, length: 200_000), 1), (.play(heard: 99_999, length: 200_000), 0),
            (.play(heard: 240_000, length: 3_600_000), 1), (.play(heard: 30_000, length: 30_000), 0),
            (.play(heard: nil, length: nil), 1), (.play(heard: nil, length: 200_000), 1), (.play(heard: 20_000, length: nil), 0),
            (.play(heard: -5, length: -5), 0), (.play(heard: .max, length: .max), 1), (.play(heard: .min, length: .max), 0),
            (.skip(heard: 39_999, length: 200_000), -0.5), (.skip(heard: 40_000, length: 200_000), 0),
            (.skip(heard: 5, length: nil), 0), (.skip(heard: nil, length: 200_000), -0.5), (.owning, 0.3), (.favourite, 2),
            (.rating(5), 2), (.rating(4), 0), (.rating(.max), 0)
        ] as [(Gain, Double)])
    func `gains are those of the rule`(gain: Gain, value: Double) {
        #expect(gain.value == value)
    }

    @Test func `a track gains at most three by plays on one day`() {
        let play = Gain.play(heard: nil, length: nil)
        var today = 0.0
        for _ in 0..<50 { today += play.value(today: today) }
        #expect(today == 3)
        #expect(play.value(today: 2.5) == 0.5)
        #expect(Gain.favourite.value(today: 3) == 2)
        #expect(Gain.skip(heard: 0, length: 100_000).value(today: 3) == -0.5)
    }

    @Test func `no time and no weight makes a number that is not finite`() {
        for weight in [0.0, 1, -1, .nan, .infinity, .greatestFiniteMagnitude, Double.leastNormalMagnitude] {
            for time in [Int64.min, -1, 0, 1, .max] {
                var liking = Liking(weight: weight, at: time)
                for other in [Int64.min, 0, .max] { liking.add(weight, at: other) }
                #expect(liking.weight.isFinite)
                #expect(Decay(days: .nan).weight(weight, from: time, to: -1).isFinite)
            }
        }
    }
}
