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
            appendTags(tags, to: &moov)
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

    /// - Parameter trimmed: samples that the edit list leaves out: so much shorter is the last reference, at most, that all together are as
    ///   long as the sound. FFmpeg adds them up.
    private static func appendIndex(
        _ grid: FrameGrid, _ chunks: [(bytes: Int, samples: Int)], trimming trimmed: Int, to bytes: inout [UInt8]
    ) {
        let references = references(chunks.count)
        bytes.appendBox("sidx", version: 1) { sidx in
            sidx.append(bigEndian: InitSection.trackID)
            sidx.append(bigEndian: UInt32(clamping: grid.output.sampleRate))
            // The earliest presentation time, in media time as the fragments have it; then the distance to the first of them.
            sidx.append(bigEndian: 0 as UInt64)
            sidx.append(bigEndian: 0 as UInt64)
            sidx.append(bigEndian: 0 as UInt16)
            sidx.append(bigEndian: UInt16(truncatingIfNeeded: references.count))
            for reference in references {
                let (size, samples) = chunks[reference].reduce((0, 0)) { ($0.0 + $1.bytes, $0.1 + $1.samples) }
                sidx.append(bigEndian: UInt32(truncatingIfNeeded: size & 0x7FFF_FFFF))
                let isLast = reference.upperBound == chunks.count
                sidx.append(bigEndian: UInt32(clamping: isLast ? max(1, samples - trimmed) : samples))
                // Begins with a sample that a decoder may start at.
                sidx.append(bigEndian: 0x9000_0000 as UInt32)
            }
        }
    }

    /// Every known field as iTunes has it, cut if needed, then filling.
    private static func appendTags(_ tags: TrackTags, to moov: inout [UInt8]) {
        let fields = [
            ("\u{A9}nam", tags.title), ("\u{A9}ART", tags.artist), ("aART", tags.albumArtist), ("\u{A9}alb", tags.album),
            ("\u{A9}gen", tags.genres.first ?? ""), ("\u{A9}day", tags.year > 0 ? String(tags.year) : "")
        ].filter { !$0.1.isEmpty }
        let numbers = [("trkn", tags.track, 8), ("disk", tags.disc, 6)].filter { (1...0xFFFF).contains($0.1) }
        // `udta`, `meta`, `hdlr`, `ilst` and the box that fills; each field has two boxes and eight bytes around its text.
        let overhead = 8 + 12 + 33 + 8 + 8 + fields.count * 24 + numbers.reduce(0) { $0 + 24 + $1.2 }
        let texts = TextBudget.fit(fields.map(\.1), into: tagBytes - overhead)
        let start = moov.count
        moov.appendBox("udta") { udta in
            udta.appendBox("meta", version: 0) { meta in
                meta.appendBox("hdlr", version: 0) { hdlr in
                    hdlr.append(zeros: 4)
                    hdlr.append(contentsOf: "mdirappl".utf8)
                    hdlr.append(zeros: 9)
                }
                // VLC takes an empty list for a broken one.
                if !numbers.isEmpty || texts.contains(where: { !$0.isEmpty }) {
                    meta.appendBox("ilst") { ilst in
                        for (field, text) in zip(fields, texts) where !text.isEmpty {
                            appendItem(field.0, kind: 1, text, to: &ilst)
                        }
                        for (name, number, count) in numbers {
                            let value = [0, 0, UInt8(truncatingIfNeeded: number >> 8), UInt8(truncatingIfNeeded: number)]
                            appendItem(name, kind: 0, value + [UInt8](repeating: 0, count: count - 4), to: &ilst)
                        }
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
            item.appendBox("data") { data in
                data.append(bigEndian: kind)
                data.append(bigEndian: 0 as UInt32)
                data.append(contentsOf: value)
            }
        }
        // The copyright sign is one byte in these names, as in Mac OS Roman.
        let type = name.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
        ilst.replaceSubrange((start + 4)..<(start + 8), with: type)
    }
}
