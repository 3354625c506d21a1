import Audio

/// The pieces of a file that its demuxer needs. Pieces that libavformat would read only for metadata are left out, because the
/// time it takes grows with the square of their number.
enum ContainerParts {
    private static let soundChunks: Set<String> = ["fmt ", "fact", "data", "ds64"]
    private static let aiffChunks: Set<String> = ["FVER", "COMM", "SSND", "CHAN", "wave"]
    private static let headerBytes = 12

    /// A WAV from `start` on: the chunks that describe its sound, and the sound.
    static func wav(_ file: InputFile, from start: Int) -> [FileView.Part] {
        let input = TagInput(file, limit: .max)
        let from = min(start + headerBytes, file.size)
        var parts: [FileView.Part] = [.file(start..<from)]
        for chunk in IFFChunk.chunks(input, in: from..<file.size, .little) where soundChunks.contains(chunk.name) {
            // A writer that could not seek back left no size: the sound reaches to the file's end.
            if chunk.name == "data", chunk.body.isEmpty {
                parts.append(.file((chunk.body.lowerBound - 8)..<file.size))
                break
            }
            parts.append(.file(whole(chunk, file)))
        }
        return parts
    }

    /// An AIFF from `start` on, likewise, with a rewritten head that states the new size.
    static func aiff(_ file: InputFile, from start: Int) -> [FileView.Part] {
        let input = TagInput(file, limit: .max)
        let from = min(start + headerBytes, file.size)
        let ranges = IFFChunk.chunks(input, in: from..<file.size, .big).filter { aiffChunks.contains($0.name) }.map {
            whole($0, file)
        }
        let size = min(ranges.reduce(4) { $0 + $1.count }, Int(Int32.max))
        let head = file.bytes(at: start, count: 4) + (0..<4).reversed().map { UInt8(truncatingIfNeeded: size >> (8 * $0)) }
        return [.bytes(head + file.bytes(at: start + 8, count: 4))] + ranges.map(FileView.Part.file)
    }

    private static func whole(_ chunk: IFFChunk, _ file: InputFile) -> Range<Int> {
        (chunk.body.lowerBound - 8)..<min(file.size, chunk.body.upperBound + chunk.body.count % 2)
    }

    /// ADTS frames from `start` to `end` without the ID3v2 tags between them.
    static func adts(_ file: InputFile, from start: Int, to end: Int) -> [FileView.Part] {
        let window = 1 << 17
        var parts: [FileView.Part] = []
        var (position, run, base) = (start, start, start)
        var bytes: [UInt8] = []
        while position < end {
            if position + ID3v2Tag.headerLength > base + bytes.count, base + bytes.count < end || position >= base + bytes.count {
                base = position
                bytes = file.bytes(at: base, count: min(window, end - base))
                guard !bytes.isEmpty else { break }
            }
            let head = bytes.dropFirst(position - base).prefix(ID3v2Tag.headerLength)
            // libavformat steps in the same way: it checks no more of a frame.
            if head.count >= 7, head.first == 0xFF, head[head.startIndex + 1] & 0xF0 == 0xF0 {
                let first = head.startIndex
                let size = Int(head[first + 3] & 3) << 11 | Int(head[first + 4]) << 3 | Int(head[first + 5]) >> 5
                position += max(1, size)
            } else if let size = ID3Span.size(of: head) {
                if run < position { parts.append(.file(run..<position)) }
                position = min(end, position + size)
                run = position
            } else {
                position += 1
            }
        }
        if run < end { parts.append(.file(run..<end)) }
        return parts
    }

    /// Where the GUIDs of the describing objects of a Windows Media file are.
    static func asfDescriptions(_ file: InputFile, from start: Int) -> [Int] {
        let input = TagInput(file, limit: .max)
        let header = input.bytes(at: start, count: 30)
        guard header.starts(with: ASFObject.header), let size = header.number(at: 16, 8, .little) else { return [] }
        let outer = ASFObject.objects(input, in: (start + 30)..<max(start + 30, min(size, file.size - start) + start))
        let inner = outer.filter { $0.guid == ASFObject.headerExtension }.flatMap {
            ASFObject.objects(input, in: $0.body.dropFirst(22))
        }
        return (outer + inner).filter { ASFObject.descriptions.contains($0.guid) }.map { $0.body.lowerBound - 24 }.sorted()
    }

    /// Where a CAF has the names of information chunks with more entries than a person writes (Core Audio Format §"Information
    /// Chunk").
    static func cafInformation(_ file: InputFile, from start: Int) -> [Int] {
        let input = TagInput(file, limit: .max)
        var names: [Int] = []
        var offset = start + 8
        for _ in 0..<4096 {
            let head = input.bytes(at: offset, count: 16)
            guard head.count == 16, let size = head.number(at: 4, 8, .big) else { break }
            if head.starts(with: "info".utf8), (head.number(at: 12, 4, .big) ?? 0) > 1024 { names.append(offset) }
            let (end, overflow) = (offset + 12).addingReportingOverflow(size)
            guard !overflow, end < file.size else { break }
            offset = end
        }
        return names
    }
}
