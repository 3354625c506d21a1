import Audio

/// The tags of a WAV or AIFF file: an ID3v2 tag in a chunk, and the format's chunks for names.
enum ChunkTags {
    /// RIFF's INFO list (Multimedia Programming Interface and Data Specifications 1.0, §2).
    private static let information: [String: (TagField, Int)] = [
        "INAM": (.title, 0), "IART": (.artist, 0), "IPRD": (.album, 0), "IALB": (.album, 1), "ICMT": (.comment, 0),
        "ICRD": (.date, 0), "IGNR": (.genre, 0), "ITRK": (.track, 0), "IPRT": (.track, 1), "ICMP": (.composer, 1),
        "IMUS": (.composer, 0)
    ]
    /// AIFF's text chunks (Audio Interchange File Format 1.3).
    private static let names: [String: (TagField, Int)] = [
        "NAME": (.title, 0), "AUTH": (.artist, 0), "ANNO": (.comment, 0)
    ]
    private static let textBytes = 1 << 16

    /// RIFF, RF64 and BW64.
    static func readWAV(_ input: TagInput, _ pictures: inout PictureChoice) -> TagValues {
        var (tag, own) = (TagValues(), TagValues())
        for chunk in IFFChunk.chunks(input, in: 12..<max(12, input.size), .little) {
            switch chunk.name {
            case "id3 ", "ID3 ": tag.fill(from: id3(input, chunk, &pictures))
            case "LIST" where input.has("INFO", at: chunk.body.lowerBound):
                let list = chunk.body.dropFirst(4)
                for item in IFFChunk.chunks(input, in: list, .little) { add(item, of: information, to: &own, input) }
            default: break
            }
        }
        tag.fill(from: own.resolved())
        return tag
    }

    static func readAIFF(_ input: TagInput, _ pictures: inout PictureChoice) -> TagValues {
        var (tag, own) = (TagValues(), TagValues())
        for chunk in IFFChunk.chunks(input, in: 12..<max(12, input.size), .big) {
            switch chunk.name {
            case "ID3 ", "id3 ": tag.fill(from: id3(input, chunk, &pictures))
            default: add(chunk, of: names, to: &own, input)
            }
        }
        tag.fill(from: own.resolved())
        return tag
    }

    private static func id3(_ input: TagInput, _ chunk: IFFChunk, _ pictures: inout PictureChoice) -> TagValues {
        ID3v2Tag(input, at: chunk.body.lowerBound)?.read(input, &pictures) ?? TagValues()
    }

    private static func add(
        _ chunk: IFFChunk, of table: [String: (TagField, Int)], to values: inout TagValues, _ input: TagInput
    ) {
        guard let (field, rank) = table[chunk.name] else { return }
        var reader = BlockReader(input.bytes(at: chunk.body.lowerBound, count: min(chunk.body.count, textBytes)))
        values.add(field, .undeclared(Array(reader.takeTerminated())), rank: rank)
    }
}
