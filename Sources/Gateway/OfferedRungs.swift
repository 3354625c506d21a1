import Audio

extension SourceFormat {
    /// The rungs of `ladder` that a track in this format has among those the server offers, lowest first.
    ///
    /// - Parameters:
    ///   - bitrate: the source's audio bitrate in kbit/s.
    ///   - inSegments: Whether only rungs count that are served in segments.
    func rungs(of ladder: Ladder, bitrate: Int, among offered: Set<Rendition>, inSegments: Bool) -> [Rendition] {
        offeredRungs(of: ladder, bitrate: bitrate).filter { offered.contains($0) && (!inSegments || hasSegments(of: $0)) }
    }
}
