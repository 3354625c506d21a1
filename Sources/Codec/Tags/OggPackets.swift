/// The places of a stream's packets in the file.
enum OggPackets {
    /// Pages read: a comment header of 256 MiB in ordinary pages has 4,096.
    private static let maximumPages = 1 << 14

    /// The ranges of the file that make up each of the stream's `packets`, counted from 0; fewer if the file ends early.
    static func stretches(in input: TagInput, serial: Int, packets: Range<Int>) -> [[Range<Int>]] {
        var found: [[Range<Int>]] = []
        var current: [Range<Int>] = []
        var (offset, index) = (0, 0)
        for _ in 0..<maximumPages {
            guard index < packets.upperBound, let page = OggPage(input, at: offset) else { break }
            offset = page.body.upperBound
            guard page.serial == serial else { continue }
            var start = page.body.lowerBound
            var end = start
            for segment in page.lacing {
                end += Int(segment)
                guard segment < 255 else { continue }
                if packets.contains(index) { found.append(current + [start..<end]) }
                current = []
                index += 1
                start = end
            }
            if packets.contains(index), start < end { current.append(start..<end) }
        }
        // A truncated packet still has its beginning.
        if packets.contains(index), !current.isEmpty { found.append(current) }
        return found
    }
}
