import Audio
import Foundation
import TestSupport
import Testing

@testable import Codec

@Suite("Chunks of AAC", .tags(.codec))
struct AACChunkTests {
    private static let isLong = ProcessInfo.processInfo.environment["SWEETSPOT_LONG"] != nil
    private static let rates = isLong ? [8_000, 11_025, 22_050, 32_000, 44_100, 48_000, 88_200, 96_000] : [8_000, 44_100, 96_000]

    /// The frames of one chunk.
    private static func frames(_ chunk: [UInt8]) throws -> [[UInt8]] { try FLACChunkTests.frames(chunk) }

    @Test("A chunk has the size that the grid says, whatever the signal", arguments: HardSignal.allCases, rates)
    func size(_ signal: HardSignal, _ rate: Int) throws {
        for channels in [1, 2] {
            let sound = signal.sound(seconds: Self.isLong ? 10 : 3.5, sampleRate: rate, channels: channels)
            var renderer = Renderer()
            for rung in Ladder.aac.rungs {
                guard let grid = FrameGrid(rung, source: sound.map.source, samples: sound.map.samples) else { continue }
                for chunk in 0..<grid.chunkCount {
                    let bytes = try sound.render(grid, chunk, with: &renderer)
                    #expect(bytes.count == grid.byteCount(ofChunk: chunk), "\(rung.name)")
                    let sizes = try Self.frames(bytes).map(\.count)
                    #expect(sizes.count == grid.frames(ofChunk: chunk).count)
                    #expect(sizes.allSatisfy { $0 <= 768 * grid.output.channels }, "\(rung.name)")
                    if signal == .silence { #expect(sizes.allSatisfy { $0 <= AACSteering.silentBytes }) }
                }
            }
        }
    }

    @Test(
        "All whole chunks have one size, nearly all of it frames, and none of these is silent",
        arguments: Ladder.aac.rungs.map(\.name), [1, 2])
    func share(_ name: String, _ channels: Int) throws {
        let sound = Music(seconds: 13.7, channels: channels).sound
        let grid = try sound.grid(name)
        #expect(Set((0..<(grid.chunkCount - 1)).map(grid.byteCount(ofChunk:))).count == 1)
        var renderer = Renderer()
        for chunk in 1..<(grid.chunkCount - 1) {
            let sizes = try Self.frames(try sound.render(grid, chunk, with: &renderer)).map(\.count)
            let bytes = grid.byteCount(ofChunk: chunk) - sizes.count * EncodedFrames.prefixBytes
            // From 256 kbit/s on the encoder has no use for all of it.
            #expect(Double(sizes.reduce(0, +)) > (grid.rendition.bitrate < 256 ? 0.985 : 0.8) * Double(bytes))
            #expect(sizes.allSatisfy { $0 > AACSteering.silentBytes })
            // What the rung promises, less what the standard does not allow one channel.
            if channels == 2, name != "aac-32" {
                #expect(bytes == grid.framesPerChunk * grid.rendition.bitrate * 128_000 / grid.output.sampleRate)
            }
        }
    }

    @Test("The highest frequencies do not come and go with what is asked for in a frame")
    func bandwidth() throws {
        let sound = HardSignal.strokes.sound(seconds: 6, sampleRate: 44_100, channels: 2)
        let grid = try sound.grid("aac-96")
        let decoded = try EncodedTrack(try sound.render(grid), grid).decoded()
        for frame in 3..<(decoded.count / 2048 - 3) {
            let left = (0..<1024).map { decoded[2 * (frame * 1024 + $0)] }
            #expect(Self.level(of: left, around: 14_500) > Self.level(of: left, around: 11_500) / 100, "\(frame)")
        }
    }

    /// Energy of a frame within 500 Hz of a frequency, at 44.1 kHz.
    private static func level(of frame: [Float], around frequency: Double) -> Double {
        stride(from: frequency - 500, through: frequency + 500, by: 50).reduce(0) { sum, frequency in
            var (cosine, sine) = (0.0, 0.0)
            for (index, sample) in frame.enumerated() {
                let window = 1 - cos(2 * .pi * Double(index) / Double(frame.count))
                let angle = 2 * .pi * frequency * Double(index) / 44_100
                cosine += Double(sample) * window * cos(angle)
                sine += Double(sample) * window * sin(angle)
            }
            return sum + cosine * cosine + sine * sine
        }
    }

    @Test("A chunk's pieces end where its fragments do")
    func pieces() throws {
        let sound = Music(seconds: 4).sound
        let grid = try sound.grid("aac-96")
        for chunk in 0..<grid.chunkCount {
            let plan = try sound.plan(grid, chunk)
            var renderer = Renderer()
            var pieces: [[UInt8]] = []
            try renderer.render(plan.job, packets: sound.store.span.bytes.extracting(plan.byteRange)) { piece in
                pieces.append(piece.withUnsafeBytes { Array($0) })
            }
            let fragments = Fragments(frames: plan.job.frames, sampleRate: grid.output.sampleRate)
            let counts = try pieces.map { try Self.frames($0).count }.filter { $0 > 0 }
            #expect(counts == (0..<fragments.count).map { fragments[$0].count })
        }
    }

    @Test(
        "A chunk of AAC or FLAC is the same from a fresh renderer and in any order (invariant 1)", arguments: ["aac-64", "flac"])
    func purity(_ name: String) throws {
        let sound = Music(seconds: 9.1).sound
        let grid = try sound.grid(name)
        var used = Renderer()
        for chunk in [2, 0, 3, 1, 2] {
            var fresh = Renderer()
            #expect(try sound.render(grid, chunk, with: &used) == sound.render(grid, chunk, with: &fresh))
        }
    }

    @Test("A frame that plays nothing decodes in the place of any other, and its neighbours sound as before", arguments: [1, 2])
    func silentFrame(_ channels: Int) throws {
        let sound = HardSignal.clicks.sound(seconds: 2, sampleRate: 44_100, channels: channels)
        let grid = try sound.grid("aac-128")
        let whole = try EncodedTrack(try sound.render(grid), grid)
        let places = Array(stride(from: 5, to: whole.frames.count - 1, by: 4))
        var frames = whole.frames
        for place in places {
            let frame = frames[place]
            frames[place] = frame.withUnsafeBufferPointer { SilentAACFrame.bytes(inPlaceOf: $0, channels: channels) }
            #expect(frames[place].count <= AACSteering.silentBytes)
        }
        let (before, after) = (try whole.decoded(), try EncodedTrack(frames: frames, grid).decoded())
        #expect(before.count == after.count)
        let block = 1024 * channels
        for frame in 2..<(before.count / block) {
            let samples = (frame * block)..<((frame + 1) * block)
            // Frame k + 1 holds the second half of what frame k began with. A pair of channels with different windows gets those of the
            // first, and a decoder's noise then runs on otherwise.
            if channels == 1, !places.contains(frame), !places.contains(frame + 1) {
                #expect(before[samples] == after[samples], "\(frame)")
            }
        }
        #expect(before != after)
    }
}

/// Signals that an encoder's rate control foresees badly.
enum HardSignal: String, CaseIterable {
    /// At full scale.
    case noise
    /// Like castanets: seven a second.
    case clicks
    case silence
    /// At full scale.
    case square
    /// Noise after silence.
    case bursts
    /// Noise that dies away, four times a second.
    case strokes
    /// Quiet, with noise at the end of every three seconds.
    case late

    func sound(seconds: Double, sampleRate: Int, channels: Int) -> Sound {
        let count = Int(seconds * Double(sampleRate))
        var seed: UInt32 = 5
        var bytes: [UInt8] = []
        bytes.reserveCapacity(2 * count * channels)
        for index in 0..<count {
            for _ in 0..<channels {
                seed = seed &* 1_664_525 &+ 1_013_904_223
                let sample = sample(index, sampleRate, noise: Int(Int16(truncatingIfNeeded: Int(seed >> 16))))
                bytes.append(UInt8(truncatingIfNeeded: sample))
                bytes.append(UInt8(truncatingIfNeeded: sample >> 8))
            }
        }
        let source = SourceFormat(
            codec: .pcmS16LE, sampleRate: sampleRate, channels: channels, bitsPerSample: 16, blockAlign: 2 * channels)
        return Sound(
            source, leadIn: 0,
            packets: stride(from: 0, to: count, by: 1000).map { start in
                let end = min(count, start + 1000)
                return (Array(bytes[(start * 2 * channels)..<(end * 2 * channels)]), end - start)
            })
    }

    private func sample(_ index: Int, _ rate: Int, noise: Int) -> Int {
        switch self {
        case .noise: noise
        case .clicks: noise >> min(15, index % (rate / 7) / 8)
        case .silence: 0
        case .square: index * 882 / rate & 1 == 0 ? 32_767 : -32_767
        case .bursts: index / 7000 % 7 < 4 ? 0 : noise
        case .strokes: noise >> min(7, 2 + index % (rate / 4) / (rate / 16 + 44))
        case .late: index % (3 * rate) > 3 * rate - rate / 8 ? noise : index % 200 - 100
        }
    }
}
