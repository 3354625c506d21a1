public import Audio
import Crypto

/// The bytes of the progressive file of a rendition, before a sample of it is encoded: a constant-size header region, then all
/// chunks. Every position is arithmetic.
public struct StreamLayout: Sendable {
    /// Version of the layout's rules; part of every ETag.
    public static let version = 5

    public let grid: FrameGrid
    /// The header region: ID3v2 tag and Info frame; OpusHead and OpusTags; or an MP4's boxes before its fragments.
    public let header: [UInt8]
    /// Exact size of the Stream, in bytes.
    public let length: Int

    /// Stream bytes of every chunk but the last.
    private let chunkBytes: Int
    /// Bytes of the whole Stream's audio that come before this one's.
    private let cutBytes: Int
    /// Side information that plays nothing, and where it takes the place of a frame's own: in bytes of the whole Stream's audio.
    private let silence: [(place: Int, side: [UInt8])]
    /// The Ogg pages around Opus; MP3 frames follow each other bare, and each of AAC's chunks is a fragment.
    private let pages: OpusPages?
    /// The first frame of the whole Stream that this one has.
    private let firstFrame: Int

    /// Nil if the rendition has no progressive file, or if nothing is left of it.
    ///
    /// - Parameter samples: output samples at the track's beginning that the Stream leaves out.
    public init?(grid: FrameGrid, tags: TrackTags, original: OriginalHash, from samples: Int = 0) {
        guard grid.rendition.ladder.isProgressive, samples >= 0, samples == 0 || samples < grid.outputSamples else { return nil }
        self.grid = grid
        let cut = samples == 0 ? nil : StreamCut(samples, grid)
        firstFrame = cut?.firstFrame ?? 0
        if grid.rendition.ladder == .aac {
            let places = FragmentPlaces(grid, from: firstFrame)
            header = M4AHeader.bytes(grid, tags: tags, cut: cut ?? StreamCut(0, grid), chunks: places.chunks)
            length = header.count + places.chunks.reduce(0) { $0 + $1.bytes }
            (chunkBytes, cutBytes, silence, pages) = (places.chunkBytes, places.cutBytes, [], nil)
            return
        }
        let first = firstFrame
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
        silence = Self.silence(grid, frames, cut)
        self.cutBytes = cutBytes
        self.pages = pages
    }

    /// The side information of the frames that are made silent.
    private static func silence(_ grid: FrameGrid, _ frames: FramePlaces, _ cut: StreamCut?) -> [(place: Int, side: [UInt8])] {
        guard let cut else { return [] }
        var before = 0
        return (cut.firstFrame..<cut.firstFrame + cut.silentFrames).map { frame in
            let start = frames.offset(ofFrame: frame)
            let side = SilentMP3Frame.side(of: grid.output, mainDataBefore: before)
            before += frames.offset(ofFrame: frame + 1) - start - InfoFrame.headerBytes - side.count
            return (start + InfoFrame.headerBytes, side)
        }
    }

    /// The exact size of the Stream, in bytes, computed without making its header. Returns nil if the rendition has no
    /// progressive file.
    public static func length(of grid: FrameGrid) -> Int? {
        guard grid.rendition.ladder.isProgressive else { return nil }
        if grid.rendition.ladder == .aac {
            let last = FragmentedChunk(ofFile: grid, chunk: grid.chunkCount - 1).byteCount
            let chunk = FragmentedChunk(ofFile: grid, chunk: 0).byteCount
            return M4AHeader.byteCount(chunks: grid.chunkCount) + (grid.chunkCount - 1) * chunk + last
        }
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

    /// Where AAC's chunks lie after the header.
    private struct FragmentPlaces {
        /// Bytes of each chunk of the Stream, and its samples per channel in media time.
        private(set) var chunks: [(bytes: Int, samples: Int)] = []
        let chunkBytes: Int
        /// Bytes of the whole Stream's chunks that come before this one's.
        let cutBytes: Int

        init(_ grid: FrameGrid, from first: Int) {
            let firstChunk = first / grid.framesPerChunk
            chunkBytes = FragmentedChunk(ofFile: grid, chunk: 0).byteCount
            let end = grid.encoderDelay + grid.outputSamples
            for chunk in firstChunk..<grid.chunkCount {
                let frames = grid.frames(ofChunk: chunk).clamped(to: first..<grid.frameCount)
                let samples = min(end, frames.upperBound * grid.samplesPerFrame) - frames.lowerBound * grid.samplesPerFrame
                let isAlike = chunk > firstChunk && chunk < grid.chunkCount - 1
                let bytes = isAlike ? chunkBytes : FragmentedChunk(ofFile: grid, chunk: chunk, from: first).byteCount
                chunks.append((bytes, samples))
            }
            cutBytes = firstChunk * chunkBytes + (firstChunk == grid.chunkCount - 1 ? 0 : chunkBytes - chunks[0].bytes)
        }
    }

    /// Whether the Stream bytes of a chunk are its frames unchanged, so that a cached chunk can be served in slices without a
    /// copy.
    public func isPassthrough(chunk: Int) -> Bool {
        grid.rendition.ladder == .mp3
            && (cutBytes == 0 || chunk * chunkBytes >= max(cutBytes, silence.last.map { $0.place + $0.side.count } ?? 0))
    }

    /// Where a chunk lies in the Stream, in bytes; empty for a chunk that does not exist or is left out.
    public func byteRange(ofChunk chunk: Int) -> Range<Int> {
        guard chunk >= 0, chunk < grid.chunkCount else { return length..<length }
        let start = header.count + chunk * chunkBytes - cutBytes
        // AAC's last chunk may be larger than the others.
        let end = chunk == grid.chunkCount - 1 ? length : start + chunkBytes
        return max(header.count, start)..<max(header.count, min(length, end))
    }

    /// The chunks that a range of Stream bytes touches; empty if it lies in the header region.
    public func chunks(covering range: Range<Int>) -> Range<Int> {
        let audio = range.clamped(to: header.count..<length)
        guard !audio.isEmpty else { return 0..<0 }
        let skipped = cutBytes - header.count
        let last = grid.chunkCount - 1
        return min(last, (audio.lowerBound + skipped) / chunkBytes)..<min(last, (audio.upperBound - 1 + skipped) / chunkBytes) + 1
    }

    /// The Stream bytes of a chunk from `offset` on, as far as its first frames allow; may be empty.
    ///
    /// - Parameters:
    ///   - frames: the encoded frames of the chunk, or their first bytes.
    ///   - offset: in bytes after the chunk's first Stream byte.
    public func streamBytes(ofChunk chunk: Int, frames: RawSpan, from offset: Int) -> [UInt8] {
        let count = byteRange(ofChunk: chunk).count
        guard offset >= 0, offset < count else { return [] }
        if grid.rendition.ladder == .aac {
            return FragmentedChunk(ofFile: grid, chunk: chunk, from: firstFrame).bytes(frames: frames, from: offset)
        }
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
