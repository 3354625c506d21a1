import Audio
import Foundation
import TestSupport
import Testing

@testable import Codec

@Suite("Covers made smaller", .tags(.codec, .oracle)) struct ThumbnailTests {
    private static let (width, height) = (160, 120)
    private static let (red, green, blue, yellow) = (
        Colour(220, 30, 30), Colour(30, 200, 40), Colour(20, 40, 220), Colour(240, 230, 40)
    )

    struct Colour: CustomStringConvertible {
        let components: [Int]

        init(_ red: Int, _ green: Int, _ blue: Int) { components = [red, green, blue] }

        var description: String { "\(components)" }

        func isNear(_ other: Colour, _ tolerance: Int = 12) -> Bool {
            zip(components, other.components).allSatisfy { abs($0 - $1) <= tolerance }
        }
    }

    /// Red and green above blue and yellow; as opaque as `alpha` says in each.
    private static func quarters(alpha: [Int] = [255, 255, 255, 255]) -> [UInt8] {
        (0..<height).flatMap { y in
            (0..<width).flatMap { x in
                let quarter = (y < height / 2 ? 0 : 2) + (x < width / 2 ? 0 : 1)
                return ([red, green, blue, yellow][quarter].components + [alpha[quarter]]).map { UInt8($0) }
            }
        }
    }

    /// What ffmpeg makes of the quarters.
    private static func picture(_ name: String, _ arguments: [String] = [], alpha: [Int] = [255, 255, 255, 255]) throws -> [UInt8]
    {
        try Tools.ffmpeg(
            quarters(alpha: alpha), ["-frames:v", "1"] + arguments, to: name,
            inputOptions: ["-f", "rawvideo", "-pix_fmt", "rgba", "-s", "\(width)x\(height)"])
    }

    private func smaller(_ picture: [UInt8], _ size: Int) throws -> [UInt8] {
        quietLibraries()
        let path = FileManager.default.temporaryDirectory.appending(path: "picture-\(UUID().uuidString)").path
        try #require(FileManager.default.createFile(atPath: path, contents: Data(picture)))
        let file = open(path, O_RDONLY | O_CLOEXEC)
        unlink(path)
        defer { close(file) }
        return try Thumbnail.make(fileDescriptor: file, size: size)
    }

    /// The colours in the middle of the four quarters of a JPEG, as ffmpeg decodes it, and its size.
    private func seen(_ jpeg: [UInt8]) throws -> (size: [Int], quarters: [Colour]) {
        let header = try #require(Picture(header: jpeg))
        #expect(header.format == .jpeg)
        let pixels = try Tools.ffmpeg(jpeg, ["-f", "rawvideo", "-pix_fmt", "rgb24"], to: "rgb", inputOptions: ["-f", "mjpeg"])
        try #require(pixels.count == header.width * header.height * 3)
        let quarters = [(1, 1), (3, 1), (1, 3), (3, 3)].map { x, y in
            let place = 3 * (header.height * y / 4 * header.width + header.width * x / 4)
            return Colour(Int(pixels[place]), Int(pixels[place + 1]), Int(pixels[place + 2]))
        }
        return ([header.width, header.height], quarters)
    }

    private func expect(_ picture: [UInt8], _ colours: [Colour], turned: Bool = false, _ note: String) throws {
        let (size, quarters) = try seen(try smaller(picture, 40))
        #expect(size == (turned ? [30, 40] : [40, 30]), "\(note)")
        #expect(zip(quarters, colours).allSatisfy { $0.isNear($1) }, "\(note): \(quarters)")
    }

    @Test(
        "A cover of every format and kind is made smaller",
        arguments: [
            ("a.jpg", ["-q:v", "2"]), ("b.jpg", ["-q:v", "2", "-pix_fmt", "yuvj444p"]), ("c.png", []),
            ("d.png", ["-pix_fmt", "rgb24"]), ("e.png", ["-pix_fmt", "rgba64be"]), ("f.png", ["-pix_fmt", "rgb48be"]),
            ("g.gif", []), ("h.webp", ["-quality", "95"]), ("i.webp", ["-lossless", "1"])
        ])
    func formats(name: String, arguments: [String]) throws {
        try expect(try Self.picture(name, arguments), [Self.red, Self.green, Self.blue, Self.yellow], name)
    }

    @Test(
        "A grey cover stays grey", arguments: [("a.jpg", "yuvj420p"), ("b.png", "gray"), ("c.png", "gray16be"), ("d.png", "ya8")])
    func grey(name: String, format: String) throws {
        let quarters = try seen(try smaller(try Self.picture(name, ["-vf", "format=gray", "-pix_fmt", format]), 40)).quarters
        #expect(
            quarters.allSatisfy { colour in
                colour.isNear(Colour(colour.components[0], colour.components[0], colour.components[0]), 2)
            })
        #expect(quarters[3].components[0] > 200 && quarters[2].components[0] < 80)
    }

    @Test(
        "Transparent parts of a cover are seen on white",
        arguments: [
            ("a.png", []), ("b.png", ["-pix_fmt", "rgba64be"]), ("c.webp", ["-lossless", "1"]), ("d.webp", ["-quality", "100"])
        ])
    func transparent(name: String, arguments: [String]) throws {
        let white = Colour(255, 255, 255)
        let half = Colour((20 + 255) / 2, (40 + 255) / 2, (220 + 255) / 2)
        try expect(
            try Self.picture(name, arguments, alpha: [255, 0, 127, 255]), [Self.red, white, half, Self.yellow], name)
    }

    /// Exif 2.3 §4.6.4, orientation: which quarters are seen above, and which below.
    @Test(
        "A photograph is seen as it was taken",
        arguments: [
            (1, [0, 1, 2, 3]), (2, [1, 0, 3, 2]), (3, [3, 2, 1, 0]), (4, [2, 3, 0, 1]), (5, [0, 2, 1, 3]), (6, [2, 0, 3, 1]),
            (7, [3, 1, 2, 0]), (8, [1, 3, 0, 2])
        ])
    func orientation(value: Int, order: [Int]) throws {
        let exif: [UInt8] =
            Array("Exif".utf8) + [0, 0] + Array("MM".utf8) + [
                0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, UInt8(value), 0, 0
            ]
            + [0, 0, 0, 0]
        let jpeg = try Self.picture("a.jpg", ["-q:v", "2"])
        let turned = [0xFF, 0xD8, 0xFF, 0xE1, 0, UInt8(exif.count + 2)] + exif + jpeg.dropFirst(2)
        let colours = [Self.red, Self.green, Self.blue, Self.yellow]
        try expect(turned, order.map { colours[$0] }, turned: value > 4, "orientation \(value)")
    }

    @Test("The longer side gets the size asked for, the shorter one its share and at least a pixel")
    func sizes() throws {
        let jpeg = try Self.picture("a.jpg")
        for (asked, width, height) in [(159, 159, 119), (100, 100, 75), (2, 2, 2), (1, 1, 1)] {
            #expect(try seen(try smaller(jpeg, asked)).size == [width, height])
        }
        let line = try Self.picture("a.png", ["-vf", "scale=4000:3"])
        #expect(try seen(try smaller(line, 100)).size == [100, 1])
        for asked in [160, 161, 2048] { #expect(throws: Refusal.self) { try smaller(jpeg, asked) } }
    }

    @Test("The same picture gives the same bytes, which do not name the library that made them")
    func repeatable() throws {
        let jpeg = try Self.picture("a.jpg")
        let first = try smaller(jpeg, 64)
        #expect(try smaller(jpeg, 64) == first && first.count < 2500)
        #expect(!String(decoding: first, as: UTF8.self).contains("Lavc"))
    }

    @Test(
        "Bytes that are no picture are refused",
        arguments: [[], Array("no picture".utf8), [0xFF, 0xD8, 0xFF], Array("GIF89a".utf8)])
    func noPicture(bytes: [UInt8]) {
        #expect(throws: Refusal.self) { try smaller(bytes, 10) }
    }

    @Test("Damaged pictures are made smaller or refused", arguments: ["a.jpg", "a.png", "a.gif", "a.webp"])
    func damaged(name: String) throws {
        let whole = try Self.picture(name)
        var random = SeededGenerator(seed: 6)
        var outcomes = (made: 0, refused: 0)
        for _ in 0..<200 {
            var bytes = whole
            if Bool.random(using: &random) { bytes.removeLast(Int.random(in: 1..<bytes.count, using: &random)) }
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            do {
                let header = try #require(Picture(header: try smaller(bytes, 40)))
                #expect(header.format == .jpeg && max(header.width, header.height) == 40)
                outcomes.made += 1
            } catch is Refusal {
                outcomes.refused += 1
            }
        }
        #expect(outcomes.made > 0 && outcomes.refused > 0, "\(outcomes)")
    }
}
