internal import Audio
internal import Originals

/// Files to put into the store before a row refers to them. The caller keeps the local files until then.
struct ArrivingFiles: Sendable {
    /// The Original; nil if pictures come alone.
    var original: OriginalHash?
    /// Local paths of the Original's parts; empty if the store must already have it.
    var parts: [StoredPart: String] = [:]
    var pictures: [PictureBytes] = []

    var hashes: [OriginalHash] { [original].compactMap(\.self) + pictures.map(\.hash) }
}

extension Made {
    /// The files to store beside the Original.
    var parts: [StoredPart: String] {
        var parts: [StoredPart: String] = [.map: stored.path, .measures: storedMeasures.path]
        parts[.packets] = packets?.path
        return parts
    }
}
