import Audio

/// A cue sheet block (RFC 9639 §8.7), as the text that other formats have.
struct FLACCueSheet {
    let text: String

    /// Nil if it has no readable track.
    init?(_ block: [UInt8], sampleRate: Int) {
        var reader = BlockReader(block)
        guard sampleRate > 0, let catalogue = reader.take(128), reader.take(8 + 259) != nil, let count = reader.number(1, .big)
        else {
            return nil
        }
        var lines: [String] = []
        let number = String(decoding: catalogue.prefix(while: \.isDigit), as: UTF8.self)
        if !number.isEmpty { lines.append("CATALOG \(number)") }
        lines.append("FILE \"\" WAVE")
        let headings = lines.count
        for _ in 0..<count {
            guard let offset = reader.number(8, .big), let number = reader.number(1, .big), let isrc = reader.take(12),
                let flags = reader.number(1, .big), reader.take(13) != nil, let indices = reader.number(1, .big)
            else { break }
            // The lead-out marks the end of the last track and is no track.
            let isTrack = (1...99).contains(number)
            if isTrack { lines.append("  TRACK \(Self.pair(number)) AUDIO") }
            if isTrack, flags & 0x40 != 0 { lines.append("    FLAGS PRE") }
            if isTrack, isrc.allSatisfy({ (0x30...0x5A).contains($0) }) {
                lines.append("    ISRC \(String(decoding: isrc, as: UTF8.self))")
            }
            for _ in 0..<indices {
                guard let place = reader.number(8, .big), let index = reader.number(1, .big), reader.take(3) != nil else { break }
                let (sum, overflow) = offset.addingReportingOverflow(place)
                if isTrack, !overflow, index < 100 {
                    lines.append("    INDEX \(Self.pair(index)) \(Self.time(sum, sampleRate))")
                }
            }
        }
        guard lines.count > headings else { return nil }
        text = lines.joined(separator: "\n")
    }

    /// Minutes, seconds and frames of a 75th second.
    private static func time(_ samples: Int, _ sampleRate: Int) -> String {
        let seconds = samples / sampleRate
        return "\(pair(seconds / 60)):\(pair(seconds % 60)):\(pair(samples % sampleRate * 75 / sampleRate))"
    }

    private static func pair(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
