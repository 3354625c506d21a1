/// The reader that trims a rendition to its track: the priming at its start, and the padding of its last frame.
public enum Trimming: Sendable, Hashable {
    /// The player, as the boxes say: by the edit list, Opus's pre-skip, and the last sample's cut duration.
    case byBoxes
    /// A page that feeds Media Source Extensions, by timestamp offsets and append windows: the boxes then trim nothing.
    /// `Decisions/Segments.md` says why.
    case byPage
}
