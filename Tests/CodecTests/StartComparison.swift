import Audio
import Foundation

@testable import Codec

/// The error of a served rendition beside that of one continuous encode, where a decoder starts: at the track's beginning, or at a
/// segment. All in dB.
struct StartComparison {
    /// What a decoder makes of the track's beginning.
    struct Start {
        /// Error of the first 100 ms over the continuous encode's.
        var excess: Double
        /// The same of the worst 5 ms of them.
        var worstBlock: Double
        /// Error of the first 100 ms over the signal.
        var toSignal: Double
    }

    /// What a fresh decoder makes of a segment.
    struct Entry {
        /// Error of each of the first packets over the continuous encode's.
        var excess: [Double]
        /// Error of the 100 ms that follow the first packet over the continuous encode's.
        var settled: Double
        /// The same over that of a decoder that has decoded the same frames from the track's beginning.
        var settledOverUnbroken: Double
    }

    static let packets = 6

    private let original: [Float]
    private let served: EncodedTrack
    private let fresh: EncodedTrack
    /// What joins are measured against: AAC's rate control starts afresh in every chunk.
    private let continuous: EncodedTrack

    init(_ sound: Sound, _ rung: String) throws {
        let grid = try sound.grid(rung)
        original = try sound.continuousSignal(grid)
        served = try EncodedTrack(try sound.render(grid), grid)
        fresh = try EncodedTrack(try sound.renderFresh(grid), grid)
        continuous = grid.rendition.ladder == .aac ? try EncodedTrack(try sound.render(grid, preRollFrames: 24), grid) : fresh
    }

    private var grid: FrameGrid { served.grid }
    private var rate: Int { grid.output.sampleRate }

    /// How many of the first chunk's frames are those of one continuous encode, bit for bit.
    var sharedFrames: Int {
        zip(served.frames, fresh.frames).prefix(grid.framesPerChunk).prefix { $0 == $1 }.count
    }

    func start(by listener: EncodedTrack.Listener) throws -> Start {
        let frames = 0..<(rate / 10 / grid.samplesPerFrame + 4)
        let position = served.position(ofFrame: 0)
        let ours = Decoded(samples: try served.decoded(frames, by: listener), position: position)
        let theirs = Decoded(samples: try fresh.decoded(frames, by: listener), position: position)
        let block = rate / 200
        let worst = (0..<20).map { number in
            excess(ours, theirs, (number * block)..<(number * block + block))
        }.max()
        let whole = 0..<(20 * block)
        let silence = Decoded(samples: [], position: 0)
        return Start(
            excess: excess(ours, theirs, whole), worstBlock: worst ?? 0, toSignal: excess(ours, silence, whole))
    }

    /// Error of the track's last 20 ms over the continuous encode's.
    func end() throws -> Double {
        let position = served.position(ofFrame: 0)
        let all = 0..<grid.frameCount
        let count = original.count / grid.output.channels
        return excess(
            Decoded(samples: try served.decoded(all, by: .libavcodec), position: position),
            Decoded(samples: try fresh.decoded(all, by: .libavcodec), position: position), (count - rate / 50)..<count)
    }

    /// Every segment's beginning but the first; of MP3, which has no segments, every chunk's.
    func entries(by listener: EncodedTrack.Listener) throws -> [Entry] {
        let start = served.position(ofFrame: 0)
        let theirs = Decoded(samples: try continuous.decoded(0..<grid.frameCount, by: listener), position: start)
        let unbroken = Decoded(samples: try served.decoded(0..<grid.frameCount, by: listener), position: start)
        let step = grid.rendition.ladder == .mp3 ? 1 : FrameGrid.chunksPerSegment
        // An MP3 decoder's filter bank reaches over two granules, which are one frame above 24 kHz and two below.
        let first = max(grid.samplesPerFrame, grid.rendition.ladder == .mp3 ? 1152 : 0)
        return try stride(from: step, to: grid.chunkCount, by: step).compactMap { chunk in
            let frame = grid.frames(ofChunk: chunk).lowerBound
            guard frame + 12 < grid.frameCount else { return nil }
            let position = served.position(ofFrame: frame)
            let ours = Decoded(samples: try served.decoded(frame..<(frame + 12), by: listener), position: position)
            let settled = (position + first)..<(position + first + rate / 10)
            return Entry(
                excess: (0..<Self.packets).map { packet in
                    let begin = position + packet * grid.samplesPerFrame
                    return excess(ours, theirs, begin..<(begin + grid.samplesPerFrame))
                },
                settled: excess(ours, theirs, settled), settledOverUnbroken: excess(ours, unbroken, settled))
        }
    }

    /// What a decoder gave, interleaved, and the rendition's sample that its first is.
    private struct Decoded {
        let samples: [Float]
        let position: Int
    }

    private func excess(_ ours: Decoded, _ theirs: Decoded, _ range: Range<Int>) -> Double {
        10 * log10(error(ours, range) / error(theirs, range))
    }

    /// Energy of what differs from the original; where nothing was decoded, of the original.
    private func error(_ decoded: Decoded, _ range: Range<Int>) -> Double {
        let channels = grid.output.channels
        let range = range.clamped(to: 0..<(original.count / channels))
        var energy = 1e-9
        for index in (range.lowerBound * channels)..<(range.upperBound * channels) {
            let place = index - decoded.position * channels
            let sample = decoded.samples.indices.contains(place) ? decoded.samples[place] : 0
            let difference = Double(sample - original[index])
            energy += difference * difference
        }
        return energy
    }
}
