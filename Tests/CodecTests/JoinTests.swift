import Audio
import Foundation
import TestSupport
import Testing

@testable import Codec

/// `sweetspot.docc/Architecture.md` lists the invariants.
@Suite("Joins are inaudible (invariant 3)", .tags(.codec, .slow))
struct JoinTests {
    struct Bound: Sendable, CustomTestStringConvertible {
        let rung: String
        /// dB over the blocks around all joins.
        let meanLoss: Double
        /// dB in any block whose error is above -25 dB of the signal; nil for the invariant's.
        var worstLoss: Double?
        /// dB that the ratio of signal to noise of the whole track may differ by.
        var ratioLoss = 0.1
        var testDescription: String { rung }
    }

    static let bounds = [
        Bound(rung: "mp3-64", meanLoss: 0.7), Bound(rung: "mp3-128", meanLoss: 0.7), Bound(rung: "mp3-320", meanLoss: 1.5),
        Bound(rung: "opus-24", meanLoss: 0.25), Bound(rung: "opus-64", meanLoss: 0.2), Bound(rung: "opus-160", meanLoss: 0.2),
        Bound(rung: "aac-128", meanLoss: 0.8), Bound(rung: "aac-256", meanLoss: 0.8)
    ].filter { isLong || !["mp3-128", "opus-64", "aac-256"].contains($0.rung) }

    @Test("The joins of chunks are inaudible in made-up music", arguments: bounds)
    func joins(_ bound: Bound) throws {
        try expectInaudible(Music(seconds: 16).sound, bound, "made-up music", isReal: false)
    }

    /// Decisions/Joins.md: where bits are scarce, the empty reservoir of MP3 costs more than the invariant's bound in the first four
    /// frames; and Decisions/AACPreRoll.md: AAC has not settled there. These cells have a ceiling above it.
    private static let realBounds =
        [
            Bound(rung: "mp3-128", meanLoss: 1.4, worstLoss: 6.8, ratioLoss: 0.15), Bound(rung: "opus-64", meanLoss: 0.2),
            Bound(rung: "aac-96", meanLoss: 0.5)
        ]
        + (isLong
            ? [
                Bound(rung: "mp3-48", meanLoss: 1.6, worstLoss: 9.5, ratioLoss: 0.35),
                Bound(rung: "mp3-320", meanLoss: 1.5, ratioLoss: 0.15),
                Bound(rung: "opus-24", meanLoss: 0.2), Bound(rung: "opus-160", meanLoss: 0.2),
                Bound(rung: "aac-32", meanLoss: 0.5, worstLoss: 18, ratioLoss: 0.3),
                Bound(rung: "aac-64", meanLoss: 0.5, worstLoss: 12),
                Bound(rung: "aac-128", meanLoss: 0.5), Bound(rung: "aac-160", meanLoss: 0.5),
                Bound(rung: "aac-256", meanLoss: 0.8, worstLoss: 16)
            ] : [])

    private static let isLong = Program.isLong
    private static let tracks = Corpus.files(in: "music").map { URL(filePath: $0) }.filter { url in
        ["dodgems", "vonsh", "battle-epic", "nature", "ride"].contains { url.lastPathComponent.contains($0) }
    }

    @Test(
        "The joins of chunks are inaudible in real music", .enabled(if: Corpus.isThere, "SWEETSPOT_CORPUS names no folder"),
        arguments: isLong ? tracks : Array(tracks.prefix(1)),
        realBounds)
    func corpusJoins(_ url: URL, _ bound: Bound) throws {
        var sound = try Sound(ingesting: Array(try Data(contentsOf: url)))
        // A continuous encode is one job, and a job's length is bounded.
        sound.map.samples = min(sound.map.samples, 100 * sound.map.source.sampleRate)
        try expectInaudible(sound, bound, url.lastPathComponent, isReal: true)
    }

    /// Around each join, the error of the chunked encode is set against that of one continuous encode, block by block.
    private func expectInaudible(_ sound: Sound, _ bound: Bound, _ name: String, isReal: Bool) throws {
        let grid = try sound.grid(bound.rung)
        let original = try sound.continuousSignal(grid)
        let chunked = try EncodedTrack(try sound.render(grid), grid).decoded()
        // AAC's rate control starts afresh in every chunk, so there a longer pre-roll is the reference.
        let isAAC = grid.rendition.ladder == .aac
        let reference = try isAAC ? sound.render(grid, preRollFrames: 40) : sound.renderContinuously(grid)
        let continuous = try EncodedTrack(reference, grid).decoded()
        let block = grid.samplesPerFrame * grid.output.channels
        func error(of copy: [Float], in range: Range<Int>) -> Double { energy(zip(copy[range], original[range]).map(-)) }
        // Where a decoder may start, Opus does without prediction, which has a price of its own: Decisions/Starts.md.
        var (losses, lossesAtStarts): ([Double], [Double]) = ([], [])
        var (worstAudible, worstAtStarts) = (-Double.infinity, -Double.infinity)
        for chunk in 1..<grid.chunkCount {
            // The decoder's and the encoder's delay put a join up to two frames after its frame's number.
            for frame in (grid.frames(ofChunk: chunk).lowerBound - 1)..<(grid.frames(ofChunk: chunk).lowerBound + 3) {
                let range = (frame * block)..<((frame + 1) * block)
                guard range.upperBound <= min(original.count, chunked.count, continuous.count) else { continue }
                let signal = energy(original[range])
                let noise = error(of: chunked, in: range)
                let loss = decibels(noise, error(of: continuous, in: range))
                if grid.standsAlone(chunk: chunk) {
                    lossesAtStarts.append(loss)
                    if decibels(noise, signal) > -25 { worstAtStarts = max(worstAtStarts, loss) }
                } else {
                    losses.append(loss)
                    if decibels(noise, signal) > -25 { worstAudible = max(worstAudible, loss) }
                }
            }
        }
        if isAAC {
            // Its encoder has settled where a chunk begins, so that all of the chunk is as it is after a longer pre-roll.
            let everywhere = (0..<(min(original.count, chunked.count, continuous.count) / block)).map { number in
                let range = (number * block)..<((number + 1) * block)
                return decibels(error(of: chunked, in: range), error(of: continuous, in: range))
            }
            let drift = everywhere.reduce(0, +) / Double(everywhere.count)
            #expect(abs(drift) <= (isReal ? 0.25 : 0.6))
            print("\(name) in \(bound.rung): \(drift) dB everywhere")
        }
        let mean = losses.reduce(0, +) / Double(losses.count)
        let meanAtStarts = lossesAtStarts.reduce(0, +) / Double(max(1, lossesAtStarts.count))
        #expect(losses.count + lossesAtStarts.count >= 16)
        #expect(mean <= bound.meanLoss)
        #expect(worstAudible <= bound.worstLoss ?? (isAAC ? 10 : 5))
        #expect(meanAtStarts <= 1.5)
        #expect(worstAtStarts <= 9)
        print(
            "joins of \(name) in \(bound.rung): mean \(mean) dB, worst above -25 dB \(worstAudible) dB,",
            "where a segment starts mean \(meanAtStarts) dB, worst \(worstAtStarts) dB,",
            "SNR \(ratio(continuous, original)) dB continuous, \(ratio(chunked, original)) dB chunked,",
            "\(losses.count) + \(lossesAtStarts.count) blocks")
        if isReal, !isAAC { #expect(abs(ratio(continuous, original) - ratio(chunked, original)) <= bound.ratioLoss) }
    }

    /// Signal to noise over the whole track, in dB.
    private func ratio(_ copy: [Float], _ original: [Float]) -> Double {
        decibels(energy(original), energy(zip(copy, original).lazy.map(-)))
    }

    private func energy(_ samples: some Sequence<Float>) -> Double {
        samples.reduce(1e-9) { $0 + Double($1 * $1) }
    }

    private func decibels(_ energy: Double, _ reference: Double) -> Double { 10 * log10(energy / reference) }
}
