/// What ingest reads of an MP4 file by itself: where its user data lie, which no demuxer gets to see, and the exact trims that
/// iTunes keeps among them.
struct MP4Movie {
    /// `iTunSMPB`: the samples before the sound, behind it, and the sound's own.
    struct Gapless {
        let priming: Int
        let padding: Int
        let samples: Int

        /// The numbers of a track that decodes to `count` samples: HE-AAC's are at half its rate.
        func scaled(to count: Int) -> (leadIn: Int, samples: Int)? {
            let scale = count >= (priming + padding + samples) * 3 / 2 ? 2 : 1
            let leadIn = priming * scale
            return leadIn < count ? (leadIn, min(samples * scale, count - leadIn)) : nil
        }
    }

    private static let maximumBoxes = 4096

    /// Where the names of the boxes stand that hold tags and pictures, in bytes of the file.
    private(set) var userDataNames: [Int] = []
    private(set) var gapless: Gapless?

    init(_ file: InputFile, from start: Int) {
        for movie in Self.boxes(file, start..<file.size) where movie.name == "moov" {
            for box in Self.boxes(file, movie.body) where box.name == "udta" || box.name == "meta" {
                userDataNames.append(box.nameOffset)
                readUserData(file, box)
            }
        }
    }

    private mutating func readUserData(_ file: InputFile, _ box: Box) {
        let metas = box.name == "meta" ? [box] : Self.boxes(file, box.body).filter { $0.name == "meta" }
        for meta in metas {
            // A full box has four bytes of version and flags (ISO 14496-12 §8.11.1); QuickTime's has not.
            let isFull = file.bytes(at: meta.body.lowerBound + 4, count: 4) != Array("hdlr".utf8)
            let body = (meta.body.lowerBound + (isFull ? 4 : 0))..<meta.body.upperBound
            for list in Self.boxes(file, body) where list.name == "ilst" {
                for item in Self.boxes(file, list.body) where item.name == "----" && item.body.count < 4096 {
                    readGapless(file.bytes(at: item.body.lowerBound, count: item.body.count))
                }
            }
        }
    }

    /// ` 00000000 00000840 000001CA 00000000003F31F6 …`: the second to fourth are priming, padding and samples, in hexadecimal.
    private mutating func readGapless(_ item: [UInt8]) {
        let text = String(decoding: item.map { $0 < 0x80 ? $0 : 0x20 }, as: UTF8.self)
        guard text.contains("iTunSMPB"), let data = text.range(of: "data") else { return }
        let words = text[data.upperBound...].split { !$0.isHexDigit }.map { Int($0, radix: 16) }
        guard words.count >= 4, let priming = words[1], let padding = words[2], let samples = words[3], priming < 1 << 16,
            padding < 1 << 16, samples > 0, samples < 1 << 40
        else { return }
        gapless = Gapless(priming: priming, padding: padding, samples: samples)
    }

    private struct Box {
        let name: String
        let nameOffset: Int
        let body: Range<Int>
    }

    /// The boxes (ISO 14496-12 §4.2) in `range`, as far as they make sense.
    private static func boxes(_ file: InputFile, _ range: Range<Int>) -> [Box] {
        var boxes: [Box] = []
        var position = range.lowerBound
        while position + 8 <= range.upperBound, boxes.count < maximumBoxes {
            let head = file.bytes(at: position, count: 16)
            guard head.count >= 8 else { break }
            var size = head[0..<4].reduce(0) { $0 << 8 | Int($1) }
            var headerBytes = 8
            if size == 1, head.count == 16, head[8] == 0 {
                size = head[9..<16].reduce(0) { $0 << 8 | Int($1) }
                headerBytes = 16
            } else if size == 0 {
                size = range.upperBound - position
            }
            guard size >= headerBytes, size <= range.upperBound - position else { break }
            boxes.append(
                Box(
                    name: String(decoding: head[4..<8], as: UTF8.self), nameOffset: position + 4,
                    body: (position + headerBytes)..<(position + size)))
            position += size
        }
        return boxes
    }
}

extension String {
    /// The first place of `other`; for short texts.
    fileprivate func range(of other: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(other) { return start..<index(start, offsetBy: other.count) }
            start = index(after: start)
        }
        return nil
    }
}
