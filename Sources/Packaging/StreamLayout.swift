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
    /// Bytes of the whole Stream's audio that come before this one's.
    private let cutBytes: Int
    /// Side information that plays nothing, and where it takes the place of a frame's own: in bytes of the whole Stream's audio.
    private let silence: [(place: Int, side: [UInt8])]
    /// The Ogg pages around Opus; MP3 frames follow each other bare.
    private let pages: OpusPages?

    /// Nil if the rendition has no progressive file, or if nothing is left of it.
    ///
    /// - Parameter samples: output samples at the track's beginning that the Stream leaves out.
    public init?(grid: FrameGrid, tags: TrackTags, original: OriginalHash, from samples: Int = 0) {
        guard grid.rendition.ladder.isProgressive, samples >= 0, samples == 0 || samples < grid.outputSamples else { return nil }
        self.grid = grid
        let cut = samples == 0 ? nil : StreamCut(samples, grid)
        let first = cut?.firstFrame ?? 0
        let serial = Self.serial(original: original, rendition: grid.rendition, from: samples)
        let pages = grid.rendition.ladder == .opus ? OpusPages(grid: grid, serial: serial, firstPacket: first) : nil
        let frames = FramePlaces(grid, pages)
        let cutBytes = frames.offset(ofFrame: first)
        let audioBytes = frames.offset(ofFrame: grid.frameCount) - cutBytes
        header =
            if let pages {
                OpusHeader.bytes(grid: grid, tags: tags, serial: pages.serial, preSkip: cut?.trimmed)
            } else {
                ID3Tag.bytes(for: tags)
                    + InfoFrame(grid: grid, cut: cut).bytes(audioBytes: audioBytes) {
                        frames.offset(ofFrame: first + $0) - cutBytes
                    }
            }
        length = header.count + audioBytes
        chunkBytes = frames.chunkBytes
        var before = 0
        silence = (first..<first + (cut?.silentFrames ?? 0)).map { frame in
            let start = frames.offset(ofFrame: frame)
            let side = SilentFrame.side(of: grid.output, mainDataBefore: before)
            before += frames.offset(ofFrame: frame + 1) - start - InfoFrame.headerBytes - side.count
            return (start + InfoFrame.headerBytes, side)
        }
        self.cutBytes = cutBytes
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

    /// Whether the Stream bytes of a chunk are its frames unchanged, so that a cached chunk can be served in slices without a
    /// copy.
    public func isPassthrough(chunk: Int) -> Bool {
        pages == nil && (cutBytes == 0 || chunk * chunkBytes >= max(cutBytes, silence.last.map { $0.place + $0.side.count } ?? 0))
    }

    /// Where a chunk lies in the Stream, in bytes; empty for a chunk that does not exist or is left out.
    public func byteRange(ofChunk chunk: Int) -> Range<Int> {
        guard chunk >= 0, chunk < grid.chunkCount else { return length..<length }
        let start = header.count + chunk * chunkBytes - cutBytes
        return max(header.count, start)..<max(header.count, min(length, start + chunkBytes))
    }

    /// The chunks that a range of Stream bytes touches; empty if it lies in the header region.
    public func chunks(covering range: Range<Int>) -> Range<Int> {
        let audio = range.clamped(to: header.count..<length)
        guard !audio.isEmpty else { return 0..<0 }
        let skipped = cutBytes - header.count
        return (audio.lowerBound + skipped) / chunkBytes..<(audio.upperBound - 1 + skipped) / chunkBytes + 1
    }

    /// The Stream bytes of a chunk from `offset` on, as far as its first frames allow; may be empty.
    ///
    /// - Parameters:
    ///   - frames: the encoded frames of the chunk, or their first bytes.
    ///   - offset: in bytes after the chunk's first Stream byte.
    public func streamBytes(ofChunk chunk: Int, frames: RawSpan, from offset: Int) -> [UInt8] {
        let count = byteRange(ofChunk: chunk).count
        guard offset >= 0, offset < count else { return [] }
        let start = max(0, cutBytes - chunk * chunkBytes) + offset
        if let pages { return pages.bytes(ofChunk: chunk, frames: frames, from: start) }
        let end = min(start - offset + count, frames.byteCount)
        guard start < end else { return [] }
        var bytes: [UInt8] = []
        bytes.append(contentsOf: frames.extracting(start..<end))
        let audio = chunk * chunkBytes + start
        for (place, side) in silence {
            for index in (place..<place + side.count).clamped(to: audio..<audio + bytes.count) {
                bytes[index - audio] = side[index - place]
            }
        }
        return bytes
    }

    /// The Ogg stream's serial number. It must differ between Streams, because users may chain them.
    private static func serial(original: OriginalHash, rendition: Rendition, from samples: Int) -> UInt32 {
        let name = samples == 0 ? rendition.name : "\(rendition.name) from \(samples)"
        let digest = SHA256.hash(data: original.bytes + Array(name.utf8))
        return digest.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
    }
}
