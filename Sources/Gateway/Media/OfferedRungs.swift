import Audio

extension SourceFormat {
    /// The rungs of `ladder` that a track in this format has among the server's rungs, lowest first.
    ///
    /// - Parameters:
    ///   - bitrate: the source's audio bitrate in kbit/s.
    ///   - inSegments: whether only rungs that are served in segments count.
    func rungs(of ladder: Ladder, bitrate: Int, among offered: Set<Rendition>, inSegments: Bool) -> [Rendition] {
        offeredRungs(of: ladder, bitrate: bitrate).filter { offered.contains($0) && (!inSegments || hasSegments(of: $0)) }
    }
}
