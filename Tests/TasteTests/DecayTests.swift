import Taste
import Testing

/// What time makes of a weight.
struct DecayTests {
    private let day: Int64 = 86_400_000

    @Test func `a weight halves in each half-life`() {
        let taste = Decay(days: 180)
        #expect(abs(taste.weight(8, from: 0, to: 180 * day) - 4) < 1e-9)
        #expect(abs(Decay.now.weight(8, from: 0, to: 28 * day) - 2) < 1e-9)
        #expect(taste.weight(3, from: 7, to: 7) == 3)
    }

    @Test func `a weight of any time stays finite`() {
        for weight in [Double.infinity, -.infinity, .nan, .greatestFiniteMagnitude] {
            #expect(Decay.now.weight(weight, from: .max, to: .min).isFinite)
        }
    }
}
