import Audio

/// The parts of an MP4 file that ingest reads without libavformat: the places of its user data, which is hidden from the demuxer,
/// the gapless tag among them, and the edit list of its sound, which libavformat interprets differently.
struct MP4Movie {
    private static let maximumEditBytes = 1 << 20
    private static let maximumItemBytes = 4096

    /// Boxes that hold tags, pictures and chapters, wherever they are.
    private static let userData: Set<String> = ["udta", "meta", "ilst", "keys", "----", "chpl"]
    /// Boxes that contain other boxes.
    private static let containers: Set<String> = [
        "moov", "trak", "mdia", "minf", "stbl", "dinf", "edts", "mvex", "moof", "traf", "tref", "wave"
    ]
    /// Most boxes examined for user data. A file of ten hours in fragments of a second has as many.
    private static let mostBoxes = 1 << 18

    /// Where the names of the boxes with tags and pictures are, in bytes of the file.
    private(set) var userDataNames: [Int] = []
    private(set) var gapless: GaplessTag?
    /// Edits of the first sound track.
    private(set) var edits: EditList?
    /// Ticks a second of the movie's clock; 0 if unknown.
    private(set) var timescale = 0
    /// Ticks a second of the clock of the first sound track; 0 if there is none.
    private(set) var mediaTimescale = 0
    /// Ticks of that track in the movie box itself: in a fragmented file only a first part, or 0.
    private(set) var mediaDuration = 0
    /// Whether the sound, or more of it, lies in fragments (ISO 14496-12 §8.8).
    private(set) var isFragmented = false

    init(_ file: InputFile, from start: Int) {
        let input = TagInput(file, limit: .max)
        var left = Self.mostBoxes
        noteUserData(input, in: start..<file.size, depth: 0, &left)
        for movie in MP4Box.boxes(input, in: start..<file.size) where movie.name == "moov" {
            let boxes = MP4Box.boxes(input, in: movie.body)
            for box in boxes where box.name == "udta" || box.name == "meta" { readUserData(input, box) }
            // The demuxer takes the first movie and its first sound track.
            guard mediaTimescale == 0 else { continue }
            isFragmented = boxes.contains { $0.name == "mvex" }
            if let header = boxes.first(where: { $0.name == "mvhd" }) { timescale = Self.clock(input, header).timescale }
            for track in boxes where track.name == "trak" && mediaTimescale == 0 { readTrack(input, track) }
        }
    }

    /// libavformat reads boxes by name at any depth.
    private mutating func noteUserData(_ input: TagInput, in range: Range<Int>, depth: Int, _ left: inout Int) {
        guard depth < 8 else { return }
        for box in MP4Box.boxes(input, in: range) {
            left -= 1
            guard left > 0 else { return }
            if Self.userData.contains(box.name) {
                userDataNames.append(box.nameOffset)
            } else if Self.containers.contains(box.name) {
                noteUserData(input, in: box.body, depth: depth + 1, &left)
            }
        }
    }

    private mutating func readTrack(_ input: TagInput, _ track: MP4Box) {
        let boxes = MP4Box.boxes(input, in: track.body)
        guard let media = boxes.first(where: { $0.name == "mdia" }) else { return }
        let parts = MP4Box.boxes(input, in: media.body)
        guard let handler = parts.first(where: { $0.name == "hdlr" }), input.has("soun", at: handler.body.lowerBound + 8),
            let header = parts.first(where: { $0.name == "mdhd" })
        else { return }
        (mediaTimescale, mediaDuration) = Self.clock(input, header)
        guard let edit = boxes.first(where: { $0.name == "edts" }),
            let list = MP4Box.boxes(input, in: edit.body).first(where: { $0.name == "elst" })
        else { return }
        edits = EditList(input.bytes(at: list.body.lowerBound, count: min(list.body.count, Self.maximumEditBytes)))
    }

    /// Ticks a second and all ticks, by a movie's or a medium's header (ISO 14496-12 §8.2.2, §8.4.2).
    private static func clock(_ input: TagInput, _ header: MP4Box) -> (timescale: Int, duration: Int) {
        let body = input.bytes(at: header.body.lowerBound, count: min(header.body.count, 32))
        let isLong = body.first == 1
        let duration = body.number(at: isLong ? 24 : 16, isLong ? 8 : 4, .big) ?? 0
        return (body.number(at: isLong ? 20 : 12, 4, .big) ?? 0, duration == (isLong ? .max : 0xFFFF_FFFF) ? 0 : duration)
    }

    private mutating func readUserData(_ input: TagInput, _ box: MP4Box) {
        let metas = box.name == "meta" ? [box] : MP4Box.boxes(input, in: box.body).filter { $0.name == "meta" }
        for meta in metas {
            for list in meta.itemLists(input) {
                for item in MP4Box.boxes(input, in: list.body) where item.name == "----" {
                    if item.body.count < Self.maximumItemBytes { readItem(input, item) }
                }
            }
        }
    }

    private mutating func readItem(_ input: TagInput, _ item: MP4Box) {
        let boxes = MP4Box.boxes(input, in: item.body)
        // A name follows version and flags, a value type and locale too.
        func text(_ name: String, from offset: Int) -> String? {
            boxes.first { $0.name == name }.map { box in
                let bytes = input.bytes(at: box.body.lowerBound, count: box.body.count)
                return String(decoding: bytes.dropFirst(offset), as: UTF8.self)
            }
        }
        guard text("name", from: 4) == GaplessTag.name, let value = text("data", from: 8) else { return }
        gapless = GaplessTag(value) ?? gapless
    }
}
