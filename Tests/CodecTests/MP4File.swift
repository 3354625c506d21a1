@testable import Codec

/// An MP4 file whose movie comes last, so that its boxes can be exchanged and no offset moves.
struct MP4File {
    struct Edit: Sendable {
        /// Ticks of the movie.
        let duration: Int
        /// Ticks of the media; -1 in an edit that plays nothing.
        let start: Int

        init(_ duration: Int, _ start: Int) { (self.duration, self.start) = (duration, start) }
    }

    private(set) var bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    static func number(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).reversed().map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }

    static func box(_ name: String, _ body: [UInt8]) -> [UInt8] { number(body.count + 8, 4) + Array(name.utf8) + body }

    static func boxes(_ bytes: [UInt8]) -> [(name: String, body: [UInt8])] {
        var boxes: [(name: String, body: [UInt8])] = []
        var rest = bytes[...]
        while rest.count >= 8 {
            let size = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
            guard (8...rest.count).contains(size) else { break }
            boxes.append((String(decoding: rest.dropFirst(4).prefix(4), as: UTF8.self), Array(rest.prefix(size).dropFirst(8))))
            rest = rest.dropFirst(size)
        }
        return boxes
    }

    /// The file with another body of the boxes at `path`, `nil` for none.
    private func changing(
        _ path: [String], of bytes: [UInt8], _ change: ([(name: String, body: [UInt8])]) -> [(name: String, body: [UInt8])]
    ) -> [UInt8] {
        guard let first = path.first else { return change(Self.boxes(bytes)).flatMap { Self.box($0.name, $0.body) } }
        return Self.boxes(bytes).flatMap { box in
            Self.box(box.name, box.name == first ? changing(Array(path.dropFirst()), of: box.body, change) : box.body)
        }
    }

    /// The file with this edit list instead of its own; without one where there are no edits.
    func with(_ edits: [Edit], version: Int = 0) -> Self {
        let size = version == 1 ? 8 : 4
        let rate: [UInt8] = [0, 1, 0, 0]
        let list = edits.flatMap { Self.number($0.duration, size) + Self.number($0.start, size) + rate }
        let body: [UInt8] = [UInt8(version), 0, 0, 0] + Self.number(edits.count, 4) + list
        return Self(
            changing(["moov", "trak"], of: bytes) { boxes in
                boxes.filter { $0.name != "edts" }
                    + (edits.isEmpty ? [] : [(name: "edts", body: Self.box("elst", body))])
            })
    }

    /// The file with a gapless tag.
    func with(gapless priming: Int, _ samples: Int, _ padding: Int) -> Self {
        let item = Self.box(
            "----",
            Self.box("mean", [0, 0, 0, 0] + Array("com.apple.iTunes".utf8))
                + Self.box("name", [0, 0, 0, 0] + Array("iTunSMPB".utf8))
                + Self.box("data", [0, 0, 0, 1, 0, 0, 0, 0] + Self.gaplessText(priming, samples, padding)))
        let handler = Self.box("hdlr", [UInt8](repeating: 0, count: 25))
        let meta = Self.box("meta", [0, 0, 0, 0] + handler + Self.box("ilst", item))
        return Self(changing(["moov"], of: bytes) { $0.filter { $0.name != "udta" } + [(name: "udta", body: meta)] })
    }

    /// As iTunes writes it.
    static func gaplessText(_ priming: Int, _ samples: Int, _ padding: Int) -> [UInt8] {
        func word(_ value: Int, _ digits: Int) -> String {
            let text = String(value, radix: 16, uppercase: true)
            return " " + String(repeating: "0", count: max(0, digits - text.count)) + text
        }
        let text = word(0, 8) + word(priming, 8) + word(padding, 8) + word(samples, 16)
        return Array((text + String(repeating: word(0, 8), count: 8)).utf8)
    }
}
