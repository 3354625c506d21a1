import CFFmpeg

/// The file as the demuxer sees it: pieces of it one after another, and bytes of our own between them.
///
/// What no demuxer needs to see is left out: ID3 tags, a FLAC file's pictures, the other links of an Ogg chain.
/// A class because libavformat's callbacks need something with an identity to come back to.
final class FileView {
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
    init(_ file: InputFile, head: [UInt8] = [], _ ranges: [Range<Int>]) {
        self.file = file
        if !head.isEmpty { append(head) }
        for range in ranges where !range.isEmpty { append(range) }
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
    func overlay(_ bytes: [UInt8], at position: Int) {
        guard position >= 0, position + bytes.count <= size else { return }
        let old = pieces
        pieces = []
        size = 0
        for piece in old {
            let cut = (max(piece.start, position), min(piece.start + piece.count, position + bytes.count))
            guard cut.0 < cut.1, case .file(let offset) = piece.source else {
                pieces.append(piece)
                size += piece.count
                continue
            }
            if cut.0 > piece.start { append(offset..<(offset + cut.0 - piece.start)) }
            append(Array(bytes[(cut.0 - position)..<(cut.1 - position)]))
            if cut.1 < piece.start + piece.count { append((offset + cut.1 - piece.start)..<(offset + piece.count)) }
        }
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
