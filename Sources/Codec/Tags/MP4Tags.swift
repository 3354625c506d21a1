import Audio

/// iTunes' metadata in an MP4 file: moov.udta.meta.ilst (https://developer.apple.com/documentation/quicktime-file-format).
struct MP4Tags {
    private static let texts: [String: (TagField, Int)] = [
        "©nam": (.title, 0), "©ART": (.artist, 0), "aART": (.albumArtist, 0), "©alb": (.album, 0), "©wrt": (.composer, 0),
        "©day": (.date, 0), "©gen": (.genre, 0), "gnre": (.genre, 0), "©cmt": (.comment, 0), "©lyr": (.lyrics, 0),
        "trkn": (.track, 0), "disk": (.disc, 0), "cpil": (.compilation, 0), "tmpo": (.tempo, 0),
        "sonm": (.titleSort, 0), "soar": (.artistSort, 0), "soal": (.albumSort, 0), "soaa": (.albumArtistSort, 0)
    ]
    private static let maximumItems = 1 << 14
    private static let textBytes = 1 << 18
    /// Freeform values rank behind the atoms made for them.
    private static let namedRank = 4

    private let input: TagInput
    private var values = TagValues()

    static func read(_ input: TagInput, _ pictures: inout PictureChoice) -> TagValues {
        var tags = Self(input: input)
        for movie in MP4Box.boxes(input, in: 0..<input.size) where movie.name == "moov" {
            for user in MP4Box.boxes(input, in: movie.body) where user.name == "udta" {
                for meta in MP4Box.boxes(input, in: user.body) where meta.name == "meta" { tags.readMeta(meta, &pictures) }
            }
        }
        return tags.values.resolved()
    }

    private init(input: TagInput) {
        self.input = input
    }

    private mutating func readMeta(_ meta: MP4Box, _ pictures: inout PictureChoice) {
        for list in meta.itemLists(input) {
            for item in MP4Box.boxes(input, in: list.body).prefix(Self.maximumItems) {
                switch item.name {
                case "covr": readCovers(item, &pictures)
                case "----": readFreeform(item)
                default: readItem(item)
                }
            }
        }
    }

    private func readCovers(_ item: MP4Box, _ pictures: inout PictureChoice) {
        for data in MP4Box.boxes(input, in: item.body) where data.name == "data" && data.body.count > 8 {
            guard pictures.mayTake(data.body.count) else { continue }
            pictures.offer(input.bytes(at: data.body.lowerBound + 8, count: data.body.count - 8), type: PictureChoice.frontCover)
        }
    }

    private mutating func readFreeform(_ item: MP4Box) {
        var name = ""
        for box in MP4Box.boxes(input, in: item.body).prefix(256) {
            // Each begins with version and flags.
            if box.name == "name" {
                let bytes = input.bytes(at: box.body.lowerBound + 4, count: min(64, box.body.count - 4))
                name = String(decoding: bytes, as: UTF8.self)
            } else if box.name == "data", let bytes = content(box) {
                values.add(name: name, .utf8(bytes), rank: Self.namedRank)
            }
        }
    }

    private mutating func readItem(_ item: MP4Box) {
        guard let (field, rank) = Self.texts[item.name] else { return }
        for data in MP4Box.boxes(input, in: item.body).prefix(256) where data.name == "data" {
            guard let bytes = content(data) else { continue }
            switch item.name {
            case "trkn", "disk":
                guard let number = bytes.number(at: 2, 2, .big) else { continue }
                let total = bytes.number(at: 4, 2, .big) ?? 0
                if number > 0 || total > 0 { values.add(field, "\(number)/\(total)") }
            case "gnre": values.add(field, ID3Genre.name((bytes.number(at: 0, 2, .big) ?? 0) - 1))
            case "cpil": values.add(field, bytes.first == 0 ? "0" : "1")
            case "tmpo": values.add(field, "\(bytes.number(at: 0, min(4, bytes.count), .big) ?? 0)")
            default:
                let type = input.bytes(at: data.body.lowerBound, count: 4).number(at: 1, 3, .big)
                if type == 2 {
                    var order = ByteOrder.big
                    values.add(field, .utf16(bytes[...], &order), rank: rank)
                } else {
                    values.add(field, .utf8(bytes), rank: rank)
                }
            }
        }
    }

    /// The value behind type and locale.
    private func content(_ data: MP4Box) -> [UInt8]? {
        guard data.body.count >= 8 else { return nil }
        return input.bytes(at: data.body.lowerBound + 8, count: min(data.body.count - 8, Self.textBytes))
    }
}
