import Audio

/// The audio pages of an Ogg Opus stream (RFC 7845 §3): 25 packets each, every chunk beginning a page.
struct OpusPages {
    /// Packets on every page but a stream's last: half a second.
    static let packetsPerPage = 25
    /// OpusHead and OpusTags come before.
    private static let firstSequence = 2

    let grid: FrameGrid
    let serial: UInt32
    /// The packet that the stream begins with, the first of a page.
    var firstPacket = 0

    private var pageBytes: Int { OggPage.byteCount(packets: Self.packetsPerPage, of: grid.opusPacketBytes) }

    /// Bytes of the pages that `packets` packets from a chunk's first on make.
    func byteCount(ofPackets packets: Int) -> Int {
        let (pages, rest) = packets.quotientAndRemainder(dividingBy: Self.packetsPerPage)
        return pages * pageBytes + (rest == 0 ? 0 : OggPage.byteCount(packets: rest, of: grid.opusPacketBytes))
    }

    /// The pages of `chunk` from byte `offset` on, as far as the first packets `frames` fill them.
    func bytes(ofChunk chunk: Int, frames: RawSpan, from offset: Int) -> [UInt8] {
        let packets = grid.frames(ofChunk: chunk)
        let ready = min(packets.count, frames.byteCount / grid.opusPacketBytes)
        let firstPage = offset / pageBytes

        var pages: [UInt8] = []
        var first = firstPage * Self.packetsPerPage
        pages.reserveCapacity(max(0, byteCount(ofPackets: ready) - firstPage * pageBytes))
        while first < ready {
            let end = min(first + Self.packetsPerPage, packets.count)
            guard end <= ready else { break }
            let isLast = packets.lowerBound + end == grid.frameCount
            let position = isLast ? grid.encoderDelay + grid.outputSamples : (packets.lowerBound + end) * grid.samplesPerFrame
            let place = packets.lowerBound + first - firstPacket
            let page = OggPage(
                flags: isLast ? .endsStream : [],
                granule: position - firstPacket * grid.samplesPerFrame,
                serial: serial,
                sequence: UInt32(truncatingIfNeeded: Self.firstSequence + place / Self.packetsPerPage),
                packetBytes: grid.opusPacketBytes,
                packets: end - first)
            page.append(frames.extracting(first * grid.opusPacketBytes..<end * grid.opusPacketBytes), to: &pages)
            first = end
        }
        pages.removeFirst(min(pages.count, offset - firstPage * pageBytes))
        return pages
    }
}
