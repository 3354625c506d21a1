public import Audio

/// How an MP3 original leaves out its beginning, to the sample and without being encoded again.
///
/// The file is a tag, a Xing frame, one silent frame, and then the original's own bytes. The silent frame carries what the frames
/// before have of the next frames' main data. `Decisions/Cuts.md` has the reasons.
public struct OriginalCut: Sendable {
    /// Where a cut lies, and what of the original has to be read to make it.
    public struct Place: Sendable {
        /// Samples per channel that the file leaves out.
        public let samples: Int
        /// Bytes of the original.
        public let bytes: Range<Int>
        fileprivate let packets: Range<Int>
        /// The first packet that the file has.
        fileprivate let first: Int
    }

    /// Samples per channel that the file leaves out.
    public let samples: Int
    /// What comes before the original's bytes.
    public let header: [UInt8]
    /// The bytes of the original that follow.
    public let rest: Range<Int>

    /// Exact length of the file, in bytes.
    public var length: Int { header.count + rest.count }

    /// Packets before the first that are looked at: the smallest of them have 511 bytes of main data together.
    private static let looked = 16
    private static let mostBytes = 64 << 10
    /// Samples that players leave out beside the delay that the LAME tag states.
    private static let decoderDelay = 529

    /// Where a cut of the track lies; nil if the original is not one that can be cut.
    public static func place(in map: TrackMap, from seconds: Double) -> Place? {
        let position = (seconds * Double(map.source.sampleRate)).rounded()
        guard map.source.codec == .mp3, map.container == "mp3", !map.usesPacketFile, map.parts.isEmpty,
            let samples = Int(exactly: position), samples > 0, samples < map.samples,
            let packet = map.packets.index(ofSample: map.leadIn + samples)
        else { return nil }
        // What sounds in a frame comes from the frame before it too, in MPEG-2 from two.
        let isFirstVersion = map.source.sampleRate >= 32_000
        let first = max(0, packet - (isFirstVersion ? 1 : 2))
        let before = max(0, first - looked)
        let bytes = map.packets[before].offset..<map.packets[first].byteRange.upperBound
        guard map.packets.isContiguous(from: first), bytes.count <= mostBytes,
            map.packets[first].samples == (isFirstVersion ? 1152 : 576)
        else { return nil }
        return Place(samples: samples, bytes: bytes, packets: before..<first + 1, first: first)
    }

    /// - Parameter bytes: those of the place.
    /// - Returns: nil if the frames are not as the map says.
    public init?(_ map: TrackMap, _ place: Place, first bytes: [UInt8]) {
        guard bytes.count == place.bytes.count else { return nil }
        var mainData: [UInt8] = []
        var frame: MP3Frame?
        for index in place.packets {
            let packet = map.packets[index]
            let start = packet.offset - place.bytes.lowerBound
            frame = MP3Frame(bytes[start..<start + packet.size], rate: map.source.sampleRate)
            guard let frame else { return nil }
            if index < place.first { mainData += frame.mainData }
        }
        let packets = map.packets
        let first = packets[place.first]
        let silent = place.first == 0 ? [] : frame?.silent(carrying: mainData)
        guard let frame, let silent else { return nil }
        let start = first.firstSample - (silent.isEmpty ? 0 : first.samples)
        let delay = map.leadIn + place.samples - Self.decoderDelay - start
        let padding = packets.sampleCount - start - delay - (map.samples - place.samples)
        guard (0...4095).contains(delay), (0...4095).contains(padding) else { return nil }
        rest = first.offset..<packets[packets.count - 1].byteRange.upperBound
        let own = silent.isEmpty ? 0 : 1
        let count = packets.count - place.first + own
        let tag = frame.xing(frames: count, bytes: silent.count + rest.count, delay: delay, padding: padding) { percent in
            let number = count * percent / 100
            return number < own ? 0 : silent.count + packets[place.first + number - own].offset - first.offset
        }
        guard let tag else { return nil }
        samples = place.samples
        header = ID3Tag.bytes(for: map.tags) + tag + silent
    }
}
