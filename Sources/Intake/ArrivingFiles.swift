internal import Audio
internal import Originals

/// What goes into the store before a row refers to it. Whoever made the files keeps them until then.
struct ArrivingFiles: Sendable {
    /// The Original; nil where pictures come alone.
    var original: OriginalHash?
    /// Paths of what is stored of it; none where it has to be in the store already.
    var parts: [StoredPart: String] = [:]
    var pictures: [PictureBytes] = []

    var hashes: [OriginalHash] { [original].compactMap(\.self) + pictures.map(\.hash) }
}

extension Made {
    /// What is stored of it, without the Original.
    var parts: [StoredPart: String] {
        var parts: [StoredPart: String] = [.map: stored.path, .measures: storedMeasures.path]
        parts[.packets] = packets?.path
        return parts
    }
}
