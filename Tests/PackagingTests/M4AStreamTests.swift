import Audio
import Packaging
import TestSupport
import Testing

@Suite("A progressive AAC file says where everything lies before a frame is encoded", .tags(.packaging))
struct M4AStreamTests {
    private static let lengths = [1, 1023, 1024, 126 * 1024 - 1024, 126 * 1024, 700_001]

    @Test("The index leads from chunk to chunk, each of which begins where it says", arguments: lengths, [0, 1, 200_000])
    func index(samples: Int, start: Int) throws {
        guard start < samples else { return }
        for name in ["aac-32", "aac-96", "aac-256"] {
            let stream = try MadeStream(name, samples: samples, from: start)
            let bytes = stream.bytes
            #expect(bytes.count == stream.layout.length)
            if start == 0 { #expect(StreamLayout.length(of: stream.grid) == bytes.count) }
            let boxes = try #require(BoxReader(bytes).boxes)
            #expect(boxes.prefix(3).map(\.type) == ["ftyp", "moov", "sidx"])
            let index = boxes[2].content
            #expect(index.number(at: 8) == stream.grid.output.sampleRate && index.number(at: 28, bytes: 2) == 0)
            let edit = try #require(boxes[1].content.box("trak/edts/elst"))
            let (length, first) = (edit.number(at: 8, bytes: 8), edit.number(at: 16, bytes: 8))
            var place = stream.layout.header.count
            var time = 0
            for reference in 0..<index.number(at: 30, bytes: 2) {
                let size = index.number(at: 32 + 12 * reference)
                let parts = try #require(BoxReader(bytes[place..<(place + size)]).boxes)
                // FFmpeg passes over a second one.
                #expect(parts.map(\.type) == ["moof", "mdat", "free"])
                // The last references are shorter than their media.
                let start = try #require(parts[0].content.box("traf/tfdt")).number(at: 4, bytes: 8)
                #expect(place + size < bytes.count ? start == time : (time...time + first).contains(start))
                #expect(parts[0].content.box("traf/sbgp") != nil)
                time += index.number(at: 36 + 12 * reference)
                place += size
            }
            #expect(place == bytes.count)
            #expect(length == stream.grid.outputSamples - start && first >= 1024)
            #expect(time == length)
            #expect(start == 0 ? first == 1024 : first < 3 * 1024)
        }
    }

    @Test("iTunes' gapless text says what the edit list says, with tags or without", arguments: [0, 3_000])
    func gaplessText(start: Int) throws {
        let stream = try MadeStream("aac-96", samples: 9_000, from: start)
        let header = stream.layout.header
        let meta = try #require(BoxReader(header).box("moov/udta/meta"))
        let list = try #require(BoxReader(meta.bytes.dropFirst(4)).boxes?.first { $0.type == "ilst" })
        let item = try #require(list.content.boxes?.first?.content.boxes)
        #expect(item.map(\.type) == ["mean", "name", "data"])
        let text = String(decoding: item[2].content.bytes.dropFirst(8), as: UTF8.self)
        let numbers = text.split(separator: " ").map { Int($0, radix: 16) }
        let edit = try #require(BoxReader(header).box("moov/trak/edts/elst"))
        let (length, first) = (edit.number(at: 8, bytes: 8), edit.number(at: 16, bytes: 8))
        #expect(numbers.count == 12 && numbers[1] == first && numbers[3] == length)
        let behind = try #require(numbers[2])
        #expect((first + length + behind).isMultiple(of: 1024) && behind < 1024)
        let titled = try MadeStream("aac-96", samples: 9_000, tags: TrackTags(title: "a"), from: start)
        #expect(header.count == titled.layout.header.count)
    }

    @Test("Tags are where iTunes has them")
    func tags() throws {
        let tags = TrackTags(
            title: "Ünë", artist: "b", albumArtist: "c", album: "d", track: 3, disc: 2, year: 1999, genres: ["e"])
        let header = try MadeStream("aac-96", samples: 9, tags: tags).layout.header
        let meta = try #require(BoxReader(header).box("moov/udta/meta"))
        let boxes = try #require(BoxReader(meta.bytes.dropFirst(4)).boxes)
        #expect(boxes.map(\.type) == ["hdlr", "ilst", "free"])
        let items = try #require(boxes[1].content.boxes)
        #expect(items.count == 9)
        #expect(String(decoding: items[0].content.bytes.dropFirst(16), as: UTF8.self) == "Ünë")
        #expect(items[6...7].map { $0.content.number(at: 18, bytes: 2) } == [3, 2])
    }

    @Test(
        "Ffprobe finds the length, the tags and no fault", .tags(.oracle), .enabled(if: areInstalled("ffmpeg", "ffprobe")),
        arguments: [200_000, 700_001])
    func foreign(samples: Int) throws {
        let stream = try MadeStream("aac-96", samples: samples, tags: TrackTags(title: "Tune"))
        let entries = "format=duration:format_tags=title:stream=codec_name,profile"
        let output = try Tool.run(
            "ffprobe", ["-v", "warning", "-show_entries", entries, "FILE"], on: stream.bytes, extension: "m4a")
        #expect(output.errors == "")
        let text = String(decoding: output.bytes, as: UTF8.self)
        #expect(text.contains("TAG:title=Tune") && text.contains("codec_name=aac"))
        let duration = text.split(separator: "\n").first { $0.hasPrefix("duration=") }.flatMap { Double($0.dropFirst(9)) }
        #expect(abs((duration ?? 0) - Double(samples) / 44_100) < 0.001)
    }
}
