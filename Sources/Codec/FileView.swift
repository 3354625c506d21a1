import CFFmpeg

/// The file as the demuxer sees it: pieces of it one after another, and bytes of our own between them.
///
/// What no demuxer needs to see is left out: tags of all kinds, a FLAC file's pictures, the other links and streams of an Ogg chain.
/// A class because libavformat's callbacks need something with an identity to come back to.
final class FileView {
    /// What a view is made of.
    enum Part {
        case file(Range<Int>)
        case bytes([UInt8])
    }

    private enum Source {
        case file(at: Int)
        case bytes([UInt8])
    }

    private struct Piece {
        /// Where it begins in the view.
        let start: Int
        let count: Int
        let source: Source
    }

    let file: InputFile
    private var pieces: [Piece] = []
    /// Bytes.
    private(set) var size = 0
    /// Where the demuxer reads next.
    private(set) var position = 0

    /// The same view with a position of its own, at the start.
    init(reopening view: FileView) {
        file = view.file
        pieces = view.pieces
        size = view.size
    }

    /// `head` and then the ranges one after another.
    convenience init(_ file: InputFile, head: [UInt8] = [], _ ranges: [Range<Int>]) {
        self.init(file, [.bytes(head)] + ranges.map(Part.file))
    }

    /// The parts one after another.
    init(_ file: InputFile, _ parts: [Part]) {
        self.file = file
        for part in parts {
            switch part {
            case .file(let range) where !range.isEmpty: append(range)
            case .bytes(let bytes) where !bytes.isEmpty: append(bytes)
            default: break
            }
        }
    }

    private func append(_ range: Range<Int>) {
        pieces.append(Piece(start: size, count: range.count, source: .file(at: range.lowerBound)))
        size += range.count
    }

    private func append(_ bytes: [UInt8]) {
        pieces.append(Piece(start: size, count: bytes.count, source: .bytes(bytes)))
        size += bytes.count
    }

    /// Replaces the bytes from `position` on.
    func overlay(_ bytes: [UInt8], at position: Int) { overlay(bytes, at: [position]) }

    /// Replaces the bytes from each of `positions` on, which ascend and are no nearer to one another than the bytes are long.
    func overlay(_ bytes: [UInt8], at positions: [Int]) {
        let old = pieces
        let positions = positions.filter { $0 >= 0 && $0 <= size - bytes.count }
        guard !positions.isEmpty, !bytes.isEmpty else { return }
        pieces = []
        size = 0
        var next = 0
        for piece in old {
            let end = piece.start + piece.count
            guard case .file(let offset) = piece.source else {
                pieces.append(piece)
                size += piece.count
                continue
            }
            var done = piece.start
            while next < positions.count, positions[next] < end {
                let cut = (max(done, positions[next]), min(end, positions[next] + bytes.count))
                if cut.0 < cut.1 {
                    if cut.0 > done { append((offset + done - piece.start)..<(offset + cut.0 - piece.start)) }
                    append(Array(bytes[(cut.0 - positions[next])..<(cut.1 - positions[next])]))
                    done = cut.1
                }
                // What lies behind the piece's end is the next one's.
                guard positions[next] + bytes.count <= end else { break }
                next += 1
            }
            if done < end { append((offset + done - piece.start)..<(offset + piece.count)) }
        }
    }

    /// The byte of the file behind the last that the view has; the file's size where it has none.
    var fileEnd: Int {
        for piece in pieces.reversed() { if case .file(let offset) = piece.source { return offset + piece.count } }
        return file.size
    }

    private func piece(at position: Int) -> Piece? {
        guard (0..<size).contains(position) else { return nil }
        var (low, high) = (0, pieces.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if pieces[middle].start <= position { low = middle } else { high = middle }
        }
        return pieces[low]
    }

    /// Where in the file the view's byte lies; nil for a byte of our own, or none.
    func fileOffset(of position: Int) -> Int? {
        guard let piece = piece(at: position), case .file(let offset) = piece.source else { return nil }
        return offset + position - piece.start
    }

    /// Where in the file the demuxer reads next, as near as can be said.
    var place: Int { fileOffset(of: position) ?? min(position, file.size) }

    /// Moves the demuxer's position; false outside `0...size`.
    func seek(to position: Int) -> Bool {
        guard (0...size).contains(position) else { return false }
        self.position = position
        return true
    }

    /// Reads at the demuxer's position and moves it on; 0 at the end.
    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        var done = 0
        while done < buffer.count, let piece = piece(at: position) {
            let offset = position - piece.start
            let wanted = min(buffer.count - done, piece.count - offset)
            let part = UnsafeMutableRawBufferPointer(rebasing: buffer[done..<(done + wanted)])
            var count = wanted
            switch piece.source {
            case .bytes(let bytes):
                bytes.withUnsafeBytes { part.copyMemory(from: .init(rebasing: $0[offset..<(offset + wanted)])) }
            case .file(let start): count = file.read(into: part, at: start + offset)
            }
            done += count
            position += count
            guard count == wanted else { break }
        }
        return done
    }
}
