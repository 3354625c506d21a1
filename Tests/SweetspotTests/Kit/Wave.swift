import Foundation
import TestSupport

/// A WAV file as an oracle writes it, its sizes unfinished or only what some header promised.
struct Wave {
    /// Samples per channel.
    let samples: Int
    /// Hz.
    let rate: Int

    /// Nil where `bytes` have no `data` chunk, or none that says how large a sample is before it.
    init?(_ bytes: [UInt8]) {
        func number(at offset: Int, _ count: Int) -> Int {
            (0..<count).reversed().reduce(0) { $0 << 8 | Int(bytes[offset + $1]) }
        }
        func chunks(from start: Int) -> Bool {
            var chunk = start
            while chunk + 8 <= bytes.count, bytes[chunk..<(chunk + 4)].allSatisfy({ (0x20..<0x7F).contains($0) }) {
                chunk += 8 + number(at: chunk + 4, 4)
                chunk += chunk & 1
            }
            return chunk == bytes.count
        }
        guard bytes.starts(with: Array("RIFF".utf8)) || bytes.starts(with: Array("RF64".utf8)) else { return nil }
        var format = (rate: 0, blockAlign: 0)
        var chunk = 12
        while chunk + 8 <= bytes.count {
            let size = number(at: chunk + 4, 4)
            let body = chunk + 8
            switch String(decoding: bytes[chunk..<(chunk + 4)], as: UTF8.self) {
            case "fmt " where body + 16 <= bytes.count: format = (number(at: body + 4, 4), number(at: body + 12, 2))
            case "data":
                guard format.blockAlign > 0 else { return nil }
                // Where no chunks follow what should be its end, sound does.
                samples = (chunks(from: body + size + size & 1) ? size : bytes.count - body) / format.blockAlign
                rate = format.rate
                return
            default: break
            }
            chunk = body + size + size & 1
        }
        return nil
    }
}
