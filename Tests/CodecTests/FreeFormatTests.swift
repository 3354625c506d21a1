import Audio
import Foundation
import TestSupport
import Testing

@testable import Codec

/// LAME writes the files, and mpg123 and LAME's own decoder judge what comes of them.
@Suite("Free-format MP3 plays like any other", .tags(.codec, .oracle))
struct FreeFormatTests {
    struct File: Sendable, CustomTestStringConvertible {
        let arguments: [String]
        let kilobits: Int
        var rate = 44_100
        var channels = 2
        var testDescription: String { "\(kilobits) kbit/s \(arguments.joined(separator: " "))" }

        var source: Music { Music(seconds: 9.3, sampleRate: rate, channels: channels) }

        func encoded() throws -> [UInt8] {
            try Tools.run(source.wav, to: "a.mp3") {
                ["lame", "--quiet", "--freeformat", "-b", "\(kilobits)"] + arguments + [$0, $1]
            }
        }
    }

    static let files = [
        File(arguments: ["--resample", "44.1"], kilobits: 100), File(arguments: ["-m", "j"], kilobits: 400),
        File(arguments: [], kilobits: 640), File(arguments: ["-m", "s"], kilobits: 330), File(arguments: ["-p"], kilobits: 400),
        File(arguments: ["-m", "m"], kilobits: 290, channels: 1),
        File(arguments: ["--resample", "22.05"], kilobits: 90, rate: 22_050),
        File(arguments: ["-p", "-m", "m"], kilobits: 45, rate: 22_050, channels: 1),
        File(arguments: ["-t"], kilobits: 200, rate: 48_000), File(arguments: ["-m", "f"], kilobits: 500, rate: 32_000),
        File(arguments: ["--resample", "8"], kilobits: 13, rate: 8000, channels: 1)
    ]

    @Test("Length, bitrate and sound of free-format MP3 are those of other decoders", arguments: files)
    func decoded(_ file: File) throws {
        let bytes = try file.encoded()
        let sound = try Sound(ingesting: bytes)
        let map = sound.map
        #expect(map.container == "mp3" && map.source.codec == .mp3ADU)
        #expect(map.source.sampleRate == file.rate && map.source.channels == file.channels)
        #expect(map.bitrate == file.kilobits)
        #expect(map.usesPacketFile && sound.measures.warnings == [])
        #expect(map.randomAccess.worst == nil && map.randomAccess.preRoll == 0)
        let oracle = try Tools.mpg123(bytes)
        #expect(map.samples * file.channels == oracle.count)
        let decoded = try sound.decoded()
        #expect(decoded.count == oracle.count)
        #expect(Self.ratio(decoded, oracle) > 100)
        // LAME gives 16 bits.
        let wav = try Tools.run(bytes, to: "a.wav") { ["lame", "--quiet", "--decode", $0, $1] }
        #expect((wav.count - 44) / 2 == oracle.count)
    }

    @Test(
        "Decoding free-format MP3 from the middle is bit-identical to a linear decode",
        arguments: files.filter { $0.rate >= 32_000 })
    func randomAccess(_ file: File) throws {
        let sound = try Sound(ingesting: try file.encoded())
        for rung in ["mp3-64", "opus-64"] {
            let grid = try sound.grid(rung)
            #expect(grid.chunkCount >= 3)
            #expect(try sound.chunkedSignal(grid) == sound.continuousSignal(grid))
            #expect(try sound.render(grid).count == (0..<grid.chunkCount).reduce(0) { $0 + grid.byteCount(ofChunk: $1) })
        }
    }

    @Test("Rungs below the frames' bitrate are offered, and none above it")
    func rungs() throws {
        let file = File(arguments: [], kilobits: 640)
        #expect(try Sound(ingesting: try file.encoded()).map.offeredRungs.contains { $0.name == "mp3-320" })
        let low = File(arguments: ["--resample", "44.1"], kilobits: 100)
        let names = try Sound(ingesting: try low.encoded()).map.offeredRungs.map(\.name)
        #expect(names.contains("mp3-96") && !names.contains("mp3-128"))
    }

    @Test("Tags before, behind and between the frames, and junk, are stepped over")
    func surroundings() throws {
        let bare = try Self.files[1].encoded()
        let (whole, wholeMeasures) = try Sound(ingesting: bare).found
        let tag = Array("ID3".utf8) + [4, 0, 0, 0, 0, 2, 0] + (0..<256).map { UInt8($0 % 2 == 0 ? 0xFF : 0xFB) }
        let trailer = Array("TAGA song".utf8) + [UInt8](repeating: 0x20, count: 119)
        let (tagged, taggedMeasures) = try Sound(ingesting: tag + bare + trailer).found
        #expect(tagged.samples == whole.samples && taggedMeasures.soundHash == wholeMeasures.soundHash)
        #expect(taggedMeasures.warnings == [])
        #expect(tagged.tags.title == "A song")
        let frame = try #require(FreeFormat(bare, at: 0)).frameBytes
        let middle = try #require((40 * frame..<50 * frame).first { FreeFormat(bare, at: $0)?.frameBytes == frame })
        let (parted, partedMeasures) = try Sound(ingesting: Array(bare[..<middle]) + tag + Array(bare[middle...])).found
        #expect(parted.samples == whole.samples && partedMeasures.soundHash == wholeMeasures.soundHash)
        let junk = (0..<3000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let (damaged, damagedMeasures) = try Sound(ingesting: Array(bare[..<middle]) + junk + Array(bare[middle...])).found
        #expect(damaged.samples == whole.samples)
        #expect(damagedMeasures.warnings.contains { $0.contains("3000 bytes") })
    }

    @Test("Samples that look like two frames are not taken for free format", arguments: [0, 100], [300, 5000])
    func lookalike(junk: Int, distance: Int) throws {
        let header: [UInt8] = [0xFF, 0xF3, 0x00, 0x00]
        let rest = [UInt8](repeating: 0x11, count: distance - header.count)
        let file = Array("RIFX big-endian".utf8.prefix(junk)) + [UInt8](repeating: 1, count: max(0, junk - 15)) + header + rest
        #expect(IngestRun(file + header + rest.dropLast(7)).refusal?.kind == .unsupportedFormat)
        let pair = IngestRun(file + header + rest)
        #expect(junk == 0 ? pair.refusal == nil : pair.refusal?.kind == .unsupportedFormat)
    }

    @Test("A file without its beginning is silent until its main data is complete", arguments: [1, 700, 30_000])
    func beheaded(_ missing: Int) throws {
        let bare = try Self.files[0].encoded()
        let whole = try Sound(ingesting: bare)
        let run = IngestRun(Array(bare[missing...]))
        let (map, measures) = try run.found
        // Without Info frame nothing is trimmed.
        #expect(map.leadIn == 0 && map.samples == map.packets.sampleCount)
        #expect(map.source.sampleRate == 44_100 && map.samples.isMultiple(of: 1152))
        let kept = whole.map.packets.count - (missing == 1 ? 0 : missing / 326)
        #expect(abs(map.packets.count - kept) <= 2)
        // Whose main data began in what is missing is silence; soon all packets are as they were.
        let packets = (map.packets.count - 100..<map.packets.count).map { map.packets[$0] }
        let others = (whole.map.packets.count - 100..<whole.map.packets.count).map { whole.map.packets[$0] }
        #expect(packets.map(\.size) == others.map(\.size))
        #expect(run.packetBytes.suffix(30_000) == whole.store.suffix(30_000))
        #expect(measures.leadingSilence < 5 * 1152)
    }

    @Test("A file cut anywhere is the sound up to the cut with a warning, or refused", arguments: [1, 2, 5, 9])
    func cut(_ tenth: Int) throws {
        let bytes = try Self.files[2].encoded()
        let whole = try Sound(ingesting: bytes).map
        let (map, measures) = try Sound(ingesting: Array(bytes[..<(bytes.count * tenth / 10)])).found
        #expect(map.samples < whole.samples && map.samples + 4096 >= whole.samples * tenth / 10)
        #expect(!measures.warnings.isEmpty)
    }

    @Test("Bytes changed at random trap nothing, and the sound stays within bounds", arguments: [0, 4, 6])
    func mutants(_ index: Int) throws {
        let bytes = try Self.files[index].encoded()
        var generator = SeededGenerator(seed: UInt64(index + 1))
        var accepted = 0
        for round in 0..<24 {
            var mutant = bytes
            for _ in 0..<(1 << (round % 8)) {
                let place = Int.random(in: 0..<mutant.count, using: &generator)
                mutant[place] = round % 3 == 0 ? 0xFF : UInt8.random(in: 0...255, using: &generator)
            }
            let run = IngestRun(mutant)
            #expect(run.verdicts.count == 1)
            guard let map = try? run.verdict.get() else { continue }
            accepted += 1
            #expect(run.packetBytes.count == map.packets.endOffset)
            #expect(run.packetBytes.count <= TrackMap.packetFileLimit(originalBytes: mutant.count))
            #expect(map.packets.sampleCount <= (mutant.count / 20 + 1) * 1152)
        }
        #expect(accepted > 12)
    }

    @Test("Frames that all claim the same main data make no more packet bytes than a packet file may have")
    func greed() throws {
        // 24 bytes a frame, main_data_begin 255, part2_3_length 2040: stereo at 22.05 kHz.
        let side = [0xFF as UInt8, 0x1F, 0xE0] + [UInt8](repeating: 0, count: 14)
        let frame = [0xFF, 0xF3, 0x00, 0x04] + side + [UInt8](repeating: 0x55, count: 3)
        let run = IngestRun(Array((0..<50_000).map { _ in frame }.joined()))
        #expect(run.verdicts.count == 1)
        #expect(run.packetBytes.count <= TrackMap.packetFileLimit(originalBytes: 50_000 * frame.count))
    }

    /// dB.
    private static func ratio(_ one: [Float], _ other: [Float]) -> Double {
        var (signal, error) = (0.0, 1e-30)
        for (one, other) in zip(one, other) {
            signal += Double(other) * Double(other)
            error += Double(one - other) * Double(one - other)
        }
        return 10 * log10(signal / error)
    }
}

extension Sound {
    /// The track's own samples by one linear decode, interleaved.
    fileprivate func decoded() throws -> [Float] {
        let decoder = try SourceDecoder(map.source)
        var tools = DecodingTools()
        var block = SampleBlock()
        for index in 0..<map.packets.count {
            let packet = map.packets[index]
            let bytes = store.span.bytes.extracting(packet.offset..<(packet.offset + packet.size))
            guard decoder.send(tools.packet.load(bytes)) else { continue }
            while decoder.receive(tools.frame) == .frame { block.append(tools.frame.pointee) }
        }
        return Array(block.samples(from: map.leadIn, count: map.samples))
    }
}
