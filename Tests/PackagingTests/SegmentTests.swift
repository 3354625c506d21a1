import Audio
import Packaging
import TestSupport
import Testing

@Suite("Segments keep an exact time line", .tags(.packaging))
struct SegmentTests {
    static let rungs = ["aac-32", "aac-64", "aac-256", "opus-24", "opus-64", "flac"]
    static let rates = [8_000, 11_025, 22_050, 32_000, 44_100, 48_000, 96_000, 192_000]

    private static func layout(_ name: String, rate: Int, samples: Int) throws -> SegmentLayout? {
        let rendition = try #require(Rendition(named: name))
        let source = SourceFormat(
            codec: .flac, sampleRate: rate, channels: rendition.isMono ? 1 : 2, bitsPerSample: rate > 48_000 ? 24 : 16)
        return FrameGrid(rendition, source: source, samples: samples).flatMap { SegmentLayout(grid: $0) }
    }

    /// Frames as a worker would have made them: `sizes` says how large each of a chunk is.
    static func frames(_ layout: SegmentLayout, segment: Int) throws -> [EncodedFrames] {
        guard layout.grid.rendition.ladder == .flac else { return [] }
        return try layout.chunks(ofSegment: segment).map { chunk in
            let bytes = layout.grid.frames(ofChunk: chunk).flatMap { frame in
                [0, UInt8(1 + frame % 250)] + [UInt8](repeating: 9, count: 1 + frame % 250)
            }
            let frames = EncodedFrames(bytes.span.bytes)
            return try #require(frames)
        }
    }

    @Test("Durations less priming are the track's length, and every box says so", arguments: rungs, rates)
    func timeline(_ name: String, _ rate: Int) throws {
        for samples in [1, 311, 1024, 4608, rate, rate * 6, rate * 13 + 77, rate * 61 + 1] {
            guard let layout = try Self.layout(name, rate: rate, samples: samples) else { continue }
            let grid = layout.grid
            let head = BoxReader(InitSection.bytes(layout))
            let edit = try #require(head.box("moov/trak/edts/elst"))
            #expect(edit.number(at: 4) == 1 && edit.number(at: 8, bytes: 8) == grid.outputSamples)
            #expect(edit.number(at: 16, bytes: 8) == grid.encoderDelay)
            #expect(head.box("moov/mvhd")?.number(at: 12) == grid.output.sampleRate)
            #expect(head.box("moov/trak/mdia/mdhd")?.number(at: 12) == grid.output.sampleRate)
            #expect(head.box("moov/mvex/mehd")?.number(at: 4, bytes: 8) == grid.outputSamples)

            var time = 0
            var presented = 0
            var last = 0
            for number in 0..<layout.count {
                let (bytes, sizes) = try Self.segment(layout, number)
                let segment = try #require(MediaSegment(layout, number: number, frames: try Self.frames(layout, segment: number)))
                #expect(segment.length == bytes.count)
                let boxes = try #require(BoxReader(bytes).boxes)
                let fragments = boxes.map(\.type).filter { !["styp", "free"].contains($0) }
                #expect(boxes.first?.type == "styp" && fragments.count.isMultiple(of: 2))
                #expect(
                    stride(from: 0, to: fragments.count, by: 2).allSatisfy { fragments[$0...].starts(with: ["moof", "mdat"]) })
                #expect(layout.isFragmented || fragments.count == 2)
                var found: [Int] = []
                var place = 24
                for (box, data) in zip(boxes, boxes.dropFirst()) {
                    defer { place += box.type == "styp" ? 0 : box.content.bytes.count + 8 }
                    guard box.type == "moof", data.type == "mdat" else { continue }
                    let sequence = try #require(box.content.box("mfhd")).number(at: 4)
                    #expect(sequence > last)
                    last = sequence
                    #expect(box.content.box("traf/tfdt")?.number(at: 4, bytes: 8) == time)
                    let run = try Run(try #require(box.content.box("traf/trun")), default: grid.samplesPerFrame)
                    // The data's offset is counted from the start of `moof`.
                    #expect(run.dataOffset == box.content.bytes.count + 16)
                    time += run.durations.reduce(0, +)
                    if let size = layout.constantFrameBytes {
                        #expect(run.sizes.isEmpty && data.content.bytes.count == size * run.durations.count)
                        #expect(box.content.box("traf/tfhd")?.number(at: 8) == size)
                    } else {
                        #expect(run.sizes.reduce(0, +) == data.content.bytes.count)
                        found += run.sizes
                    }
                }
                if layout.constantFrameBytes == nil { #expect(found == sizes) }
                let span = layout.presentation(ofSegment: number)
                #expect(span.lowerBound == presented && span.upperBound == min(time - grid.encoderDelay, grid.outputSamples))
                presented = span.upperBound
            }
            #expect(time - grid.encoderDelay == grid.outputSamples && presented == grid.outputSamples, "\(name) of \(samples)")
            #expect(MediaSegment(layout, number: layout.count) == nil && MediaSegment(layout, number: -1) == nil)
        }
    }

    /// The bytes of a segment of frames as a worker would have made them, and the frames' sizes.
    static func segment(
        _ layout: SegmentLayout, _ number: Int, _ trimming: Trimming = .byBoxes
    ) throws -> (bytes: [UInt8], sizes: [Int]) {
        let segment = try #require(
            MediaSegment(layout, number: number, frames: try frames(layout, segment: number), trimming: trimming))
        guard layout.isFragmented else {
            let payload = segment.length - segment.head.count
            return (segment.head + [UInt8](repeating: 0, count: payload), try frames(layout, segment: number).flatMap(\.sizes))
        }
        var (bytes, sizes): ([UInt8], [Int]) = (segment.head, [])
        var generator = SeededGenerator(seed: UInt64(number))
        for chunk in layout.chunks(ofSegment: number) {
            let frames = MadeStream.aacFrames(ofChunk: chunk, grid: layout.grid, using: &generator)
            bytes += layout.fragments(ofChunk: chunk, trimming: trimming).bytes(frames: frames.span.bytes, from: 0)
            let divided = EncodedFrames(frames.span.bytes)
            sizes += try #require(divided).sizes
        }
        return (bytes, sizes)
    }

    private struct Run {
        var dataOffset: Int
        var durations: [Int] = []
        var sizes: [Int] = []

        init(_ trun: BoxReader, default duration: Int) throws {
            let flags = trun.number(at: 1, bytes: 3)
            #expect(flags & 1 == 1 && flags & ~0x301 == 0)
            dataOffset = trun.number(at: 8)
            var place = 12
            for _ in 0..<trun.number(at: 4) {
                if flags & 0x100 != 0 { place += 4 }
                durations.append(flags & 0x100 != 0 ? trun.number(at: place - 4) : duration)
                if flags & 0x200 != 0 {
                    sizes.append(trun.number(at: place))
                    place += 4
                }
            }
            #expect(place == trun.bytes.count)
        }
    }

    @Test("Boundaries are the same in every rung of a ladder", arguments: [Ladder.aac, .opus], rates)
    func boundaries(_ ladder: Ladder, _ rate: Int) throws {
        let layouts = try ladder.rungs.filter { !$0.isMono }
            .compactMap { try Self.layout($0.name, rate: rate, samples: rate * 31 + 5) }
        let times = layouts.map { layout in (0..<layout.count).map { layout.presentation(ofSegment: $0) } }
        #expect(Set(times).count == 1)
        if rate == 44_100, ladder == .aac { #expect(times.first?[1].count == 252 * 1024) }
        if ladder == .opus { #expect(times.first?[1].count == 288_000) }
    }

    @Test("Chunks with a frame too few or too many make no segment")
    func counts() throws {
        let layout = try #require(try Self.layout("flac", rate: 44_100, samples: 400_000))
        let frames = try Self.frames(layout, segment: 0)
        #expect(MediaSegment(layout, number: 0, frames: frames) != nil)
        #expect(MediaSegment(layout, number: 0, frames: [frames[0]]) == nil)
        #expect(MediaSegment(layout, number: 0, frames: frames + frames) == nil)
    }

    @Test(
        "Bytes that do not divide into frames make no segment",
        arguments: [[1], [0, 2, 1], [0, 0, 1], [0, 1, 9, 255], [0, 1, 9, 0, 0, 0, 1], [255, 255, 1]])
    func malformedFrames(_ bytes: [UInt8]) {
        let frames = EncodedFrames(bytes.span.bytes)
        #expect(frames == nil)
    }

    @Test("A segment's bytes behind its head are the chunk's frames without their sizes")
    func payload() {
        let chunk: [UInt8] = [0, 2, 7, 8, 0, 1, 9, 0, 0, 0]
        let frames = EncodedFrames(chunk.span.bytes)
        #expect(frames?.sizes == [2, 1])
        #expect(MediaSegment.payload(ofChunk: chunk.span.bytes, frames) == [7, 8, 9])
        #expect(MediaSegment.payload(ofChunk: chunk.span.bytes, nil) == chunk)
        for count in 0...chunk.count {
            let beginning = EncodedFrames(beginning: chunk.span.bytes.extracting(0..<count))
            #expect(beginning.sizes == (count < 4 ? [] : count < 7 ? [2] : [2, 1]))
        }
    }
}
