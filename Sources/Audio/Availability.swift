extension SourceFormat {
    /// The rungs of `ladder` that a track in this format is offered in, lowest first.
    ///
    /// A rung is offered if its codec can carry it at the output rate and channels, and if the source is lossless; or lossy in
    /// another codec and no lower rung reaches the source's bitrate; or lossy in the same codec and the rung is below the source.
    /// The lowest legal rung is always offered; FLAC only from lossless sources. A mono rung of a source with more channels
    /// exists as a progressive file only; so that every track has segments, AAC's lowest rung that has them is always offered too.
    ///
    /// - Parameter bitrate: the source's audio bitrate in kbit/s, as in ``TrackMap/bitrate``.
    public func offeredRungs(of ladder: Ladder, bitrate: Int) -> [Rendition] {
        let legal = ladder.rungs.filter {
            $0.output(for: self) != nil && (ladder.isProgressive || hasSegments(of: $0))
        }
        if codec.isLossless { return legal }
        if ladder == .flac { return [] }
        let lowestInSegments = ladder == .aac ? legal.first(where: hasSegments) : nil
        return legal.enumerated().filter { position, rung in
            if position == 0 || rung == lowestInSegments { return true }
            if codec.ladder == ladder { return rung.bitrate < bitrate }
            return legal[position - 1].bitrate < bitrate
        }.map(\.element)
    }

    /// Whether `rung` may be served in segments: all variants of an HLS master have the source's channels, two at most.
    public func hasSegments(of rung: Rendition) -> Bool {
        rung.ladder.segmentCodec != nil && (!rung.isMono || channels == 1)
    }

    /// The rungs of every ladder a track in this format is offered in; see ``offeredRungs(of:bitrate:)``.
    public func offeredRungs(bitrate: Int) -> [Rendition] {
        Ladder.allCases.flatMap { offeredRungs(of: $0, bitrate: bitrate) }
    }
}

extension TrackMap {
    /// The rungs of every ladder this track is offered in.
    public var offeredRungs: [Rendition] { source.offeredRungs(bitrate: bitrate) }

    /// Whether this track is offered in `rendition`; see ``SourceFormat/offeredRungs(of:bitrate:)``.
    public func offers(_ rendition: Rendition) -> Bool {
        source.offeredRungs(of: rendition.ladder, bitrate: bitrate).contains(rendition)
    }
}
