public import Audio

/// One rendition of a track as playlists and manifests present it.
public struct PlaylistVariant: Sendable, Hashable {
    public let layout: SegmentLayout
    /// The query of every URI of the rendition, without the question mark; may be empty.
    public let query: String
    let bandwidth: DeclaredBandwidth

    public var rendition: Rendition { layout.grid.rendition }

    /// - Parameter query: parameters such as a version and a ticket, already percent-encoded.
    public init(_ layout: SegmentLayout, of map: TrackMap, query: String) {
        self.layout = layout
        self.query = query
        let output = layout.grid.output
        // Other lossless codecs may make smaller files, and WavPack's may be lossy.
        let isAlike = ([map.source] + map.parts.map(\.source)).allSatisfy { source in
            [.flac, .alac].contains(source.codec)
                && source.bitsPerSample == output.bitsPerSample && source.channels == output.channels
                && source.sampleRate == output.sampleRate
        }
        bandwidth = DeclaredBandwidth(layout, compressedBitrate: isAlike ? map.bitrate : nil)
    }

    /// bit/s of the whole rendition, on average, as declared.
    public var averageBandwidth: Int { bandwidth.average }

    /// `name` with the variant's query.
    func uri(_ name: String) -> String { query.isEmpty ? name : "\(name)?\(query)" }
}

extension Int {
    /// `samples` at `rate` in seconds with six decimals, rounded half up.
    static func microseconds(_ samples: Int, _ rate: Int) -> Int {
        let (seconds, rest) = samples.quotientAndRemainder(dividingBy: rate)
        return seconds * 1_000_000 + (2 * rest * 1_000_000 + rate) / (2 * rate)
    }
}

/// Microseconds as seconds with six decimals.
func decimalSeconds(_ microseconds: Int) -> String {
    let (seconds, rest) = microseconds.quotientAndRemainder(dividingBy: 1_000_000)
    let digits = String(rest)
    return "\(seconds).\(String(repeating: "0", count: 6 - digits.count))\(digits)"
}
