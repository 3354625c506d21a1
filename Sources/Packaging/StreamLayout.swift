public import Audio
import Crypto

/// The bytes of the progressive file of a rendition, before a sample of it is encoded: a constant-size header region, then all
/// chunks. Every position is arithmetic.
public struct StreamLayout: Sendable {
    /// Version of the layout's rules; part of every ETag.
    public static let version = 2

    public let grid: FrameGrid
    /// The header region: ID3v2 tag and Info frame, or OpusHead and OpusTags.
    public let header: [UInt8]
    /// Exact size of the Stream, in bytes.
    public let length: Int

    /// Stream bytes of every chunk but the last.
    private let chunkBytes: Int
    /// The Ogg pages around Opus; MP3 frames follow each other bare.
    private let pages: OpusPages?

    /// Nil if the rendition has no progressive file.
    public init?(grid: FrameGrid, tags: TrackTags, original: OriginalHash) {
        guard grid.rendition.ladder.isProgressive else { return nil }
        self.grid = grid
        let pages =
            grid.rendition.ladder == .opus
            ? OpusPages(grid: grid, serial: Self.serial(original: original, rendition: grid.rendition)) : nil
        let frames = FramePlaces(grid, pages)
        let audioBytes = frames.offset(ofFrame: grid.frameCount)
        header =
            if let pages {
                OpusHeader.bytes(grid: grid, tags: tags, serial: pages.serial)
            } else {
                ID3Tag.bytes(for: tags) + InfoFrame(grid: grid).bytes(audioBytes: audioBytes, offsetOfFrame: frames.offset)
            }
        length = header.count + audioBytes
        chunkBytes = frames.chunkBytes
        self.pages = pages
    }

    /// The exact size of the Stream, in bytes, computed without making its header. Returns nil if the rendition has no
    /// progressive file.
    public static func length(of grid: FrameGrid) -> Int? {
        guard grid.rendition.ladder.isProgressive else { return nil }
        // The serial number is in the pages and not in their sizes.
        let pages = grid.rendition.ladder == .opus ? OpusPages(grid: grid, serial: 0) : nil
        let header = pages == nil ? ID3Tag.byteCount + InfoFrame(grid: grid).byteCount : OpusHeader.byteCount
        return header + FramePlaces(grid, pages).offset(ofFrame: grid.frameCount)
    }

    /// Where frames lie after the header.
    private struct FramePlaces {
        private let grid: FrameGrid
        private let pages: OpusPages?
        let chunkBytes: Int

        init(_ grid: FrameGrid, _ pages: OpusPages?) {
            self.grid = grid
            self.pages = pages
            chunkBytes =
                pages?.byteCount(ofPackets: grid.framesPerChunk) ?? grid.byteCount(ofFrames: grid.framesPerChunk, inChunk: 0)
        }

        func offset(ofFrame frame: Int) -> Int {
            let (chunk, rest) = frame.quotientAndRemainder(dividingBy: grid.framesPerChunk)
            return chunk * chunkBytes + (pages?.byteCount(ofPackets: rest) ?? grid.byteCount(ofFrames: rest, inChunk: chunk))
        }
    }

    /// Whether Stream bytes are the frames unchanged, so that a cached chunk can be served in slices without a copy.
    public var isPassthrough: Bool { pages == nil }

    /// Where a chunk lies in the Stream, in bytes; empty, at the Stream's end, for a chunk that does not exist.
    public func byteRange(ofChunk chunk: Int) -> Range<Int> {
        guard chunk >= 0, chunk < grid.chunkCount else { return length..<length }
        let start = header.count + chunk * chunkBytes
        return start..<min(length, start + chunkBytes)
    }

    /// The chunks that a range of Stream bytes touches; empty if it lies in the header region.
    public func chunks(covering range: Range<Int>) -> Range<Int> {
        let audio = range.clamped(to: header.count..<length)
        guard !audio.isEmpty else { return 0..<0 }
        return (audio.lowerBound - header.count) / chunkBytes..<(audio.upperBound - 1 - header.count) / chunkBytes + 1
    }

    /// The Stream bytes of a chunk from `offset` on, as far as its first frames allow; may be empty.
    ///
    /// - Parameters:
    ///   - frames: the encoded frames of the chunk, or their first bytes.
    ///   - offset: in bytes after the chunk's first Stream byte.
    public func streamBytes(ofChunk chunk: Int, frames: RawSpan, from offset: Int) -> [UInt8] {
        let count = byteRange(ofChunk: chunk).count
        guard offset >= 0, offset < count else { return [] }
        if let pages { return pages.bytes(ofChunk: chunk, frames: frames, from: offset) }
        let end = min(count, frames.byteCount)
        guard offset < end else { return [] }
        var bytes: [UInt8] = []
        bytes.append(contentsOf: frames.extracting(offset..<end))
        return bytes
    }

    /// The Ogg stream's serial number. It must differ between Streams, because users may chain them.
    private static func serial(original: OriginalHash, rendition: Rendition) -> UInt32 {
        let digest = SHA256.hash(data: original.bytes + Array(rendition.name.utf8))
        return digest.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
    }
}
