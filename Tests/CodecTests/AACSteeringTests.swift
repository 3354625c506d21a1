import Audio
import TestSupport
import Testing

@testable import Codec

@Suite("Steering AAC towards a chunk's size", .tags(.codec))
struct AACSteeringTests {
    private static let rates = [8_000, 11_025, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 88_200, 96_000]

    /// Budgets of all rungs that there are at a rate, for whole chunks and for short last ones.
    private static func budgets(_ rate: Int, _ channels: Int) -> [(budget: AACBudget, frames: Int, bytes: Int)] {
        Ladder.aac.rungs.flatMap { rung -> [(budget: AACBudget, frames: Int, bytes: Int)] in
            let output = rung.output(for: SourceFormat(codec: .flac, sampleRate: rate, channels: channels))
            guard let output else { return [] }
            let budget = AACBudget(bitrate: rung.bitrate, output: output)
            return [(126, false), (126, true), (1, true), (2, true), (7, true)].map { frames, endsTrack in
                (budget, frames, budget.bytes(ofFrames: frames, endsTrack: endsTrack))
            }
        }
    }

    @Test("A frame without sound always fits, whatever sizes were admitted before it", arguments: rates, [1, 2])
    func lastResort(_ rate: Int, _ channels: Int) {
        var generator = SeededGenerator(seed: UInt64(rate))
        for (budget, frames, bytes) in Self.budgets(rate, channels) {
            for most in [budget.largestFrame * 2, budget.largestFrame, Int(budget.share * 2), AACSteering.silentBytes] {
                var steering = AACSteering(budget, frames: frames, bytes: bytes)
                var used = 0
                while steering.missing > 0 {
                    #expect(steering.request >= budget.share * 0.09 && steering.request <= Double(budget.largestRequest))
                    var size = Int.random(in: 1...max(1, most), using: &generator)
                    if !steering.admits(size) { size = AACSteering.silentBytes }
                    #expect(steering.admits(size))
                    steering.keep(size)
                    used += size
                }
                #expect(used <= bytes)
            }
        }
    }

    @Test(
        "Frames of a share empty the reservoir that the encoder is opened with before the chunk begins", arguments: rates, [1, 2])
    func opening(_ rate: Int, _ channels: Int) {
        for (budget, frames, bytes) in Self.budgets(rate, channels) {
            let opening = AACSteering(budget, frames: frames, bytes: bytes).opening(channels: channels)
            let least = channels == 1 ? 0.4 : 0.6
            let saved = Double(budget.largestFrame) - opening
            #expect(opening < budget.share)
            // Where bits are scarce it lasts longer, and less would be too little for the model.
            if opening > budget.share * least {
                #expect(saved / (budget.share - opening) < 12)
            } else {
                #expect(opening == budget.share * least)
            }
        }
    }

    @Test("What lambda is divided by in the pre-roll falls to libavcodec's own number, and stays there")
    func divisor() {
        let divisors = (0..<12).map(AACSteering.divisor(inPreRoll:))
        #expect(divisors == [400, 365, 330, 295, 260, 225, 190, 155, 120, 120, 120, 120])
    }

    @Test("An encoder that keeps to what it is asked for has every frame admitted, and fills the chunk", arguments: rates)
    func obedience(_ rate: Int) {
        for (budget, frames, bytes) in Self.budgets(rate, 2) {
            var steering = AACSteering(budget, frames: frames, bytes: bytes)
            var used = 0
            while steering.missing > 0 {
                let size = Int(steering.request)
                #expect(steering.admits(size))
                steering.keep(size)
                used += size
            }
            if frames == 126 { #expect(Double(bytes - used) < 2.5 * budget.share) }
        }
    }

    @Test("After a frame that was too large less is asked for than an even part of the rest")
    func correction() {
        let budget = AACBudget(bitrate: 96, output: OutputFormat(sampleRate: 44_100, channels: 2))
        var steering = AACSteering(budget, frames: 126, bytes: budget.bytes(ofFrames: 126, endsTrack: false))
        let before = steering.request
        steering.keep(Int(budget.share * 4))
        #expect(steering.request < before * 0.97)
        for _ in 0..<40 { steering.keep(Int(steering.request)) }
        #expect(steering.request > before * 0.95)
    }
}
