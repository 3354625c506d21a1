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

    /// Where the names of the boxes stand that hold tags and pictures, in bytes of the file.
    private(set) var userDataNames: [Int] = []
    private(set) var gapless: Gapless?

    init(_ file: InputFile, from start: Int) {
        let input = TagInput(file, limit: .max)
        for movie in MP4Box.boxes(input, in: start..<file.size) where movie.name == "moov" {
            for box in MP4Box.boxes(input, in: movie.body) where box.name == "udta" || box.name == "meta" {
                userDataNames.append(box.nameOffset)
                readUserData(input, box)
            }
        }
    }

    private mutating func readUserData(_ input: TagInput, _ box: MP4Box) {
        let metas = box.name == "meta" ? [box] : MP4Box.boxes(input, in: box.body).filter { $0.name == "meta" }
        for meta in metas {
            for list in meta.itemLists(input) {
                for item in MP4Box.boxes(input, in: list.body) where item.name == "----" && item.body.count < 4096 {
                    readGapless(input.bytes(at: item.body.lowerBound, count: item.body.count))
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
