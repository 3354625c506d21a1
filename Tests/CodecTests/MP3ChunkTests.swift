import Audio
import TestSupport
import Testing

@testable import Codec

@Suite("MP3 chunks have their exact size and stand alone", .tags(.codec))
struct MP3ChunkTests {
    struct Cell: Sendable, CustomTestStringConvertible {
        let rate: Int
        let channels: Int
        var testDescription: String { "\(rate) Hz, \(channels) ch" }
    }

    static let cells = [48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000].flatMap { rate in
        [1, 2].map { Cell(rate: rate, channels: $0) }
    }

    @Test("A chunk of every legal rung has its exact size and frames, in the middle and at a short end", arguments: cells)
    func sizes(_ cell: Cell) throws {
        let seconds = cell.rate >= 32_000 ? 5.5 : 11
        let sound = Music(seconds: seconds, sampleRate: cell.rate, channels: cell.channels).sound
        var renderer = Renderer()
        var rungs = 0
        for rung in Ladder.mp3.rungs {
            guard let grid = FrameGrid(rung, source: sound.map.source, samples: sound.map.samples) else { continue }
            rungs += 1
            for chunk in Set([min(1, grid.chunkCount - 1), grid.chunkCount - 1]) {
                let bytes = try sound.render(grid, chunk, with: &renderer)
                #expect(bytes.count == grid.byteCount(ofChunk: chunk), "\(rung.name) chunk \(chunk)")
                #expect(Self.mainDataBegin(bytes) == 0, "\(rung.name) chunk \(chunk)")
                try expectFrames(bytes, grid.frames(ofChunk: chunk).count, "\(rung.name) chunk \(chunk)")
            }
        }
        #expect(rungs >= 2)
    }

    /// Bytes of main data in earlier frames that the first frame refers to (ISO 11172-3 §2.4.1.7).
    static func mainDataBegin(_ bytes: [UInt8]) -> Int {
        let isFirst = bytes[1] & 0x08 != 0
        let begin = bytes[1] & 1 == 0 ? 6 : 4
        return isFirst ? Int(bytes[begin]) << 1 | Int(bytes[begin + 1] >> 7) : Int(bytes[begin])
    }

    private func expectFrames(_ bytes: [UInt8], _ count: Int, _ what: String) throws {
        var offset = 0
        var frames = 0
        // Room after the last frame for the header parser to look at.
        let padded = bytes + [UInt8](repeating: 0, count: FrameHeader.length)
        while offset < bytes.count {
            let header = try #require(FrameHeader(padded, at: offset), "\(what): no frame at byte \(offset)")
            offset += header.size
            frames += 1
        }
        #expect(offset == bytes.count, "\(what)")
        #expect(frames == count, "\(what)")
    }
}
