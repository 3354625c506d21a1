import Audio
import Foundation
import Testing

@testable import Codec

@Suite("Joins are inaudible (invariant 3)")
struct JoinTests {
    struct Bound: Sendable, CustomTestStringConvertible {
        let rung: String
        /// dB.
        let meanLoss: Double
        var testDescription: String { rung }
    }

    static let bounds = [
        Bound(rung: "mp3-64", meanLoss: 0.7), Bound(rung: "mp3-128", meanLoss: 0.7), Bound(rung: "mp3-320", meanLoss: 1.5),
        Bound(rung: "opus-24", meanLoss: 0.2), Bound(rung: "opus-64", meanLoss: 0.2), Bound(rung: "opus-160", meanLoss: 0.2),
        Bound(rung: "aac-128", meanLoss: 0.8), Bound(rung: "aac-256", meanLoss: 0.8)
    ]

    @Test(arguments: bounds)
    func joins(_ bound: Bound) throws {
        try expectInaudible(Music(seconds: 16).sound, bound, "made-up music", isReal: false)
    }

    private static let isLong = ProcessInfo.processInfo.environment["SWEETSPOT_LONG"] != nil
    private static let tracks = Corpus.files(in: "music").filter { url in
        ["dodgems", "vonsh", "battle-epic", "nature", "ride"].contains { url.lastPathComponent.contains($0) }
    }

    @Test(
        "in real music", .enabled(if: Corpus.folder != nil, "SWEETSPOT_CORPUS names no folder"),
        arguments: isLong ? tracks : Array(tracks.prefix(1)),
        isLong
            ? [
                ("mp3-48", 0.7), ("mp3-128", 0.7), ("mp3-320", 1.5), ("opus-24", 0.2), ("opus-64", 0.2), ("opus-160", 0.2),
                ("aac-64", 0.8), ("aac-96", 0.8), ("aac-128", 0.8)
            ]
            : [("mp3-128", 0.7), ("opus-64", 0.2), ("aac-96", 0.8)])
    func corpusJoins(_ url: URL, _ bound: (rung: String, meanLoss: Double)) throws {
        var sound = try Sound(ingesting: Array(try Data(contentsOf: url)))
        // A continuous encode is one job, and a job's length is bounded.
        sound.map.samples = min(sound.map.samples, 100 * sound.map.source.sampleRate)
        let bound = Bound(rung: bound.rung, meanLoss: bound.meanLoss)
        guard bound.rung.hasPrefix("mp3") || Self.isLong && bound.rung.hasPrefix("aac") else {
            try expectInaudible(sound, bound, url.lastPathComponent, isReal: true)
            return
        }
        // Decisions/Joins.md: where bits are scarce, the empty reservoir costs more than the bound in the first four frames; and
        // Decisions/AACPreRoll.md: where noise is substituted, AAC differs from itself.
        withKnownIssue(isIntermittent: true) { try expectInaudible(sound, bound, url.lastPathComponent, isReal: true) }
    }

    /// Around each join, the error of the chunked encode is set against that of one continuous encode, block by block.
    private func expectInaudible(_ sound: Sound, _ bound: Bound, _ name: String, isReal: Bool) throws {
        let grid = try sound.grid(bound.rung)
        let original = try sound.continuousSignal(grid)
        let chunked = try decoded(try sound.render(grid), grid)
        // AAC's rate control starts afresh in every chunk, so there a longer pre-roll is the reference.
        let isAAC = grid.rendition.ladder == .aac
        let reference = try isAAC ? sound.render(grid, preRollFrames: 24) : sound.renderContinuously(grid)
        let continuous = try decoded(reference, grid)
        let block = grid.samplesPerFrame * grid.output.channels
        var losses: [Double] = []
        var worstAudible = -Double.infinity
        for chunk in 1..<grid.chunkCount {
            // The decoder's and the encoder's delay put a join up to two frames after its frame's number.
            for frame in (grid.frames(ofChunk: chunk).lowerBound - 1)..<(grid.frames(ofChunk: chunk).lowerBound + 3) {
                let range = (frame * block)..<((frame + 1) * block)
                guard range.upperBound <= min(original.count, chunked.count, continuous.count) else { continue }
                let signal = energy(original[range])
                let error = energy(zip(chunked[range], original[range]).map(-))
                let reference = energy(zip(continuous[range], original[range]).map(-))
                let loss = decibels(error, reference)
                losses.append(loss)
                if decibels(error, signal) > -25 { worstAudible = max(worstAudible, loss) }
            }
        }
        let mean = losses.reduce(0, +) / Double(losses.count)
        #expect(losses.count >= 16)
        #expect(mean <= bound.meanLoss)
        #expect(worstAudible <= (isAAC ? 10 : 5))
        print(
            "joins of \(name) in \(bound.rung): mean \(mean) dB, worst above -25 dB \(worstAudible) dB,",
            "SNR \(ratio(continuous, original)) dB continuous, \(ratio(chunked, original)) dB chunked, \(losses.count) blocks")
        if isReal, !isAAC { #expect(abs(ratio(continuous, original) - ratio(chunked, original)) <= 0.1) }
    }

    /// Signal to noise over the whole track, in dB.
    private func ratio(_ copy: [Float], _ original: [Float]) -> Double {
        decibels(energy(original), energy(zip(copy, original).lazy.map(-)))
    }

    /// Decodes a rendition's bytes, without the encoder's and decoder's delay.
    private func decoded(_ bytes: [UInt8], _ grid: FrameGrid) throws -> [Float] {
        if grid.rendition.ladder == .aac { return try decodedAAC(bytes, grid) }
        let padded = bytes + [UInt8](repeating: 0, count: FrameHeader.length)
        var packets: [(bytes: [UInt8], samples: Int)] = []
        var offset = 0
        while offset < bytes.count {
            let size = grid.rendition.ladder == .opus ? grid.opusPacketBytes : try #require(FrameHeader(padded, at: offset)).size
            packets.append((Array(bytes[offset..<(offset + size)]), grid.samplesPerFrame))
            offset += size
        }
        let head = Array("OpusHead".utf8) + [1, UInt8(grid.output.channels), 0x38, 1, 0x80, 0xBB, 0, 0, 0, 0, 0]
        let source = SourceFormat(
            codec: grid.rendition.ladder == .opus ? .opus : .mp3, sampleRate: grid.output.sampleRate,
            channels: grid.output.channels, extradata: grid.rendition.ladder == .opus ? head : [])
        let leadIn = grid.rendition.ladder == .opus ? grid.encoderDelay : grid.encoderDelay + 529
        let sound = Sound(source, leadIn: leadIn, packets: packets)
        return try sound.continuousSignal(try #require(FrameGrid(grid.rendition, source: source, samples: sound.map.samples)))
    }

    private func decodedAAC(_ bytes: [UInt8], _ grid: FrameGrid) throws -> [Float] {
        // AudioSpecificConfig: AAC-LC, the rate's index, the channels (ISO 14496-3 §1.6.2.1).
        let index = try #require(Rendition.aacSampleRates.firstIndex(of: grid.output.sampleRate))
        let configuration = 2 << 11 | index << 7 | grid.output.channels << 3
        let source = SourceFormat(
            codec: .aac, sampleRate: grid.output.sampleRate, channels: grid.output.channels,
            extradata: [UInt8(configuration >> 8), UInt8(configuration & 0xFF)])
        let frames = try FLACChunkTests.frames(bytes)
        let sound = Sound(source, leadIn: grid.encoderDelay, packets: frames.map { ($0, grid.samplesPerFrame) })
        return try sound.continuousSignal(try #require(FrameGrid(grid.rendition, source: source, samples: sound.map.samples)))
    }

    private func energy(_ samples: some Sequence<Float>) -> Double {
        samples.reduce(1e-9) { $0 + Double($1 * $1) }
    }

    private func decibels(_ energy: Double, _ reference: Double) -> Double { 10 * log10(energy / reference) }
}
