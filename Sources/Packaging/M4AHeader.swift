import Audio

/// What comes before the first chunk of a progressive AAC file: `ftyp`, a `moov` without samples, and a `sidx` that says where every
/// chunk lies (ISO 14496-12 §8.16.3), though none of them is encoded yet.
enum M4AHeader {
    /// Bytes of the tags, whatever they are.
    private static let tagBytes = 1024
    /// A `sidx` counts with 16 bits.
    private static let mostReferences = 0xFFFF
    private static let referenceBytes = 12

    /// - Parameter chunks: bytes of each chunk of the file, and its samples per channel in media time.
    static func bytes(_ grid: FrameGrid, tags: TrackTags, cut: StreamCut, chunks: [(bytes: Int, samples: Int)]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(2048 + chunks.count * referenceBytes)
        bytes.appendBox("ftyp") { ftyp in
            ftyp.append(contentsOf: "M4A ".utf8)
            ftyp.append(bigEndian: 0 as UInt32)
            ftyp.append(contentsOf: "M4A isomiso6mp42dash".utf8)
        }
        let samples = grid.outputSamples - cut.samples
        InitSection.appendMovie(grid, hearing: cut.trimmed..<cut.trimmed + samples, samples: samples, .none, to: &bytes) { moov in
            let frames = grid.frameCount - cut.firstFrame
            let gapless = gaplessText(
                priming: cut.trimmed, remainder: frames * grid.samplesPerFrame - cut.trimmed - samples, samples: samples)
            appendTags(tags, gapless: gapless, to: &moov)
        }
        appendIndex(grid, chunks, trimming: cut.trimmed, to: &bytes)
        return bytes
    }

    /// Bytes of the header of a file with so many chunks.
    static func byteCount(chunks: Int) -> Int { fixedBytes + references(chunks).count * referenceBytes }

    /// Every number in the header has a fixed width.
    private static let fixedBytes = {
        let output = OutputFormat(sampleRate: 44_100, channels: 2)
        guard let rung = Ladder.aac.rungs.last,
            let grid = FrameGrid(
                rung, source: SourceFormat(codec: .flac, sampleRate: output.sampleRate, channels: output.channels), samples: 1)
        else { return 0 }
        return bytes(grid, tags: TrackTags(), cut: StreamCut(0, grid), chunks: []).count
    }()

    /// How the chunks fall into references: one each, unless they are more than can be counted.
    private static func references(_ chunks: Int) -> [Range<Int>] {
        let step = max(1, (chunks + mostReferences - 1) / mostReferences)
        return stride(from: 0, to: chunks, by: step).map { $0..<min($0 + step, chunks) }
    }

    /// - Parameter trimmed: samples that the edit list leaves out: so much shorter are the last references, that all together are as long as
    ///   the sound. FFmpeg adds them up.
    private static func appendIndex(
        _ grid: FrameGrid, _ chunks: [(bytes: Int, samples: Int)], trimming trimmed: Int, to bytes: inout [UInt8]
    ) {
        let references = references(chunks.count)
        var durations = references.map { chunks[$0].reduce(0) { $0 + $1.samples } }
        var rest = trimmed
        for index in durations.indices.reversed() where rest > 0 {
            let taken = min(rest, durations[index] - 1)
            durations[index] -= taken
            rest -= taken
        }
        bytes.appendBox("sidx", version: 1) { sidx in
            sidx.append(bigEndian: InitSection.trackID)
            sidx.append(bigEndian: UInt32(clamping: grid.output.sampleRate))
            // The earliest presentation time, in media time as the fragments have it; then the distance to the first of them.
            sidx.append(bigEndian: 0 as UInt64)
            sidx.append(bigEndian: 0 as UInt64)
            sidx.append(bigEndian: 0 as UInt16)
            sidx.append(bigEndian: UInt16(truncatingIfNeeded: references.count))
            for (reference, duration) in zip(references, durations) {
                let size = chunks[reference].reduce(0) { $0 + $1.bytes }
                sidx.append(bigEndian: UInt32(truncatingIfNeeded: size & 0x7FFF_FFFF))
                sidx.append(bigEndian: UInt32(clamping: duration))
                // Begins with a sample that a decoder may start at.
                sidx.append(bigEndian: 0x9000_0000 as UInt32)
            }
        }
    }

    /// What iTunes writes about the sound's place among the samples. FFmpeg, which does not apply the edit list to fragments, goes by it.
    private static func gaplessText(priming: Int, remainder: Int, samples: Int) -> [UInt8] {
        func hexadecimal(_ number: Int, digits: Int) -> String {
            let text = String(number, radix: 16, uppercase: true)
            return " " + String(repeating: "0", count: max(0, digits - text.count)) + text
        }
        let unused = hexadecimal(0, digits: 8)
        let counts = [hexadecimal(priming, digits: 8), hexadecimal(remainder, digits: 8), hexadecimal(samples, digits: 16)]
        let numbers = [unused] + counts + [String](repeating: unused, count: 8)
        return Array(numbers.joined().utf8)
    }

    /// Every known field as iTunes has it, cut if needed, then filling.
    private static func appendTags(_ tags: TrackTags, gapless: [UInt8], to moov: inout [UInt8]) {
        let fields = [
            ("\u{A9}nam", tags.title), ("\u{A9}ART", tags.artist), ("aART", tags.albumArtist), ("\u{A9}alb", tags.album),
            ("\u{A9}gen", tags.genres.first ?? ""), ("\u{A9}day", tags.year > 0 ? String(tags.year) : "")
        ].filter { !$0.1.isEmpty }
        let numbers = [("trkn", tags.track, 8), ("disk", tags.disc, 6)].filter { (1...0xFFFF).contains($0.1) }
        // `udta`, `meta`, `hdlr`, `ilst` and the box that fills; each field has two boxes and eight bytes around its text, the gapless one
        // a domain and a name too.
        let overhead = 8 + 12 + 33 + 8 + 8 + 72 + gapless.count + fields.count * 24 + numbers.reduce(0) { $0 + 24 + $1.2 }
        let texts = TextBudget.fit(fields.map(\.1), into: tagBytes - overhead)
        let start = moov.count
        moov.appendBox("udta") { udta in
            udta.appendBox("meta", version: 0) { meta in
                meta.appendBox("hdlr", version: 0) { hdlr in
                    hdlr.append(zeros: 4)
                    hdlr.append(contentsOf: "mdirappl".utf8)
                    hdlr.append(zeros: 9)
                }
                meta.appendBox("ilst") { ilst in
                    for (field, text) in zip(fields, texts) where !text.isEmpty {
                        appendItem(field.0, kind: 1, text, to: &ilst)
                    }
                    for (name, number, count) in numbers {
                        let value = [0, 0, UInt8(truncatingIfNeeded: number >> 8), UInt8(truncatingIfNeeded: number)]
                        appendItem(name, kind: 0, value + [UInt8](repeating: 0, count: count - 4), to: &ilst)
                    }
                    ilst.appendBox("----") { item in
                        item.appendBox("mean", version: 0) { $0.append(contentsOf: "com.apple.iTunes".utf8) }
                        item.appendBox("name", version: 0) { $0.append(contentsOf: "iTunSMPB".utf8) }
                        appendData(kind: 1, gapless, to: &item)
                    }
                }
                meta.appendBox("free") { $0.append(zeros: tagBytes - ($0.count - start)) }
            }
        }
    }

    /// An item whose value is text (kind 1) or binary (kind 0).
    private static func appendItem(_ name: String, kind: UInt32, _ value: [UInt8], to ilst: inout [UInt8]) {
        let start = ilst.count
        ilst.appendBox("____") { item in
            appendData(kind: kind, value, to: &item)
        }
        // The copyright sign is one byte in these names, as in Mac OS Roman.
        let type = name.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
        ilst.replaceSubrange((start + 4)..<(start + 8), with: type)
    }

    private static func appendData(kind: UInt32, _ value: [UInt8], to item: inout [UInt8]) {
        item.appendBox("data") { data in
            data.append(bigEndian: kind)
            data.append(bigEndian: 0 as UInt32)
            data.append(contentsOf: value)
        }
    }
}
