import Audio
import Packaging
import TestSupport
import Testing

/// A Stream over frames made without an encoder: valid for every decoder, and different in every byte that may be.
struct MadeStream {
    let layout: StreamLayout
    /// The frames of each chunk, as a worker gives them.
    let chunks: [[UInt8]]

    var grid: FrameGrid { layout.grid }

    init(
        _ name: String, rate: Int = 44_100, channels: Int = 2, samples: Int, tags: TrackTags = TrackTags(), seed: UInt8 = 0,
        from start: Int = 0
    ) throws {
        let rendition = try #require(Rendition(named: name))
        let source = SourceFormat(codec: .flac, sampleRate: rate, channels: channels)
        let grid = try #require(FrameGrid(rendition, source: source, samples: samples))
        let original = try #require(OriginalHash(bytes: (0..<32).map { $0 ^ seed }))
        layout = try #require(StreamLayout(grid: grid, tags: tags, original: original, from: start))
        var generator = SeededGenerator(seed: UInt64(samples) ^ UInt64(rate) << 32)
        chunks = (0..<grid.chunkCount).map { Self.frames(ofChunk: $0, grid: grid, using: &generator) }
    }

    /// The Stream's bytes by the layout, chunk by chunk.
    var bytes: [UInt8] {
        layout.header + chunks.indices.flatMap { streamBytes(ofChunk: $0) }
    }

    /// `ready`: how many bytes of the chunk's frames there are so far; all of them by default.
    func streamBytes(ofChunk chunk: Int, ready: Int = .max, from offset: Int = 0) -> [UInt8] {
        let frames = Array(chunks[chunk].prefix(ready))
        return layout.streamBytes(ofChunk: chunk, frames: frames.span.bytes, from: offset)
    }

    private static func frames(ofChunk chunk: Int, grid: FrameGrid, using generator: inout SeededGenerator) -> [UInt8] {
        if grid.rendition.ladder == .aac { return aacFrames(ofChunk: chunk, grid: grid, using: &generator) }
        return (0..<grid.frames(ofChunk: chunk).count).flatMap { frame in
            let size = grid.byteCount(ofFrames: frame + 1, inChunk: chunk) - grid.byteCount(ofFrames: frame, inChunk: chunk)
            switch grid.rendition.ladder {
            case .mp3:
                return silentFrame(size: size, grid: grid)
            case .opus, .aac, .flac:
                // CELT, full band, 20 ms, one frame (RFC 6716 §3.1): any bytes after it decode to something.
                let toc: UInt8 = grid.output.channels == 1 ? 0xF8 : 0xFC
                return [toc] + (1..<size).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
            }
        }
    }

    /// Frames of silence of different sizes, which a decoder takes with zeros behind them, filled up to the chunk's size.
    static func aacFrames(ofChunk chunk: Int, grid: FrameGrid, using generator: inout SeededGenerator) -> [UInt8] {
        let frame: [UInt8] = grid.output.channels == 1 ? [0, 0, 0, 7] : [0x21, 0, 0, 0, 0, 0x1C]
        var bytes: [UInt8] = []
        for _ in grid.frames(ofChunk: chunk) {
            let size = Int.random(in: frame.count...30, using: &generator)
            bytes += [0, UInt8(size)] + frame + [UInt8](repeating: 0, count: size - frame.count)
        }
        return bytes + [UInt8](repeating: 0, count: grid.byteCount(ofChunk: chunk) - bytes.count)
    }

    /// A frame of silence (ISO 11172-3 §2.4.1): nothing but a header, padded as its size says.
    private static func silentFrame(size: Int, grid: FrameGrid) -> [UInt8] {
        let rate = grid.output.sampleRate
        let versions: [Int: UInt8] = [
            48_000: 0xFB, 44_100: 0xFB, 32_000: 0xFB, 24_000: 0xF3, 22_050: 0xF3, 16_000: 0xF3, 12_000: 0xE3, 11_025: 0xE3,
            8_000: 0xE3
        ]
        let rates: [Int: UInt8] = [
            48_000: 1, 44_100: 0, 32_000: 2, 24_000: 1, 22_050: 0, 16_000: 2, 12_000: 1, 11_025: 0, 8_000: 2
        ]
        let index = UInt8((Rendition.mp3Bitrates(at: rate).firstIndex(of: grid.rendition.bitrate) ?? 0) + 1)
        let unpadded = grid.samplesPerFrame / 8 * grid.rendition.bitrate * 1000 / rate
        let padding: UInt8 = size > unpadded ? 2 : 0
        let mode: UInt8 = grid.output.channels == 1 ? 0xC4 : 0x44
        var frame: [UInt8] = [0xFF, versions[rate] ?? 0, index << 4 | (rates[rate] ?? 0) << 2 | padding, mode]
        frame += Array(repeating: 0, count: size - 4)
        return frame
    }
}
