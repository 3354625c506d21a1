import Audio
import Packaging
import TestSupport
import Testing

@Suite("The ID3 tag keeps to its specification where readers forgive", .tags(.packaging))
struct ID3TagTests {
    @Test("Frames of synchsafe sizes, then zeros, fill exactly 1,024 bytes", arguments: [0, 1, 100, 127, 128, 300, 5000])
    func structure(length: Int) throws {
        let tags = TrackTags(title: String(repeating: "t", count: length), artist: "Someone", track: 9)
        let tag = Array(try MadeStream("mp3-128", samples: 1, tags: tags).layout.header.prefix(1024))
        func size(at offset: Int) -> Int { tag[offset..<(offset + 4)].reduce(0) { $0 << 7 | Int($1) } }

        #expect(Array(tag[..<6]) == Array("ID3".utf8) + [4, 0, 0])
        #expect(size(at: 6) == 1014)
        var frames: [String: String] = [:]
        var offset = 10
        while offset + 10 <= tag.count, tag[offset] != 0 {
            let end = offset + 10 + size(at: offset + 4)
            try #require(tag[(offset + 4)..<(offset + 8)].allSatisfy { $0 < 128 } && end <= tag.count)
            #expect(Array(tag[(offset + 8)..<(offset + 11)]) == [0, 0, 3])
            frames[String(decoding: tag[offset..<(offset + 4)], as: UTF8.self)] = String(
                decoding: tag[(offset + 11)..<end], as: UTF8.self)
            offset = end
        }
        #expect(tag[offset...].allSatisfy { $0 == 0 })
        #expect(frames["TIT2"] ?? "" == String(repeating: "t", count: min(length, 1014 - 3 * 11 - 8)))
        #expect(frames["TPE1"] == "Someone" && frames["TRCK"] == "9")
        #expect(frames.count == (length == 0 ? 2 : 3))
    }
}
