internal import Audio
internal import Locker
internal import Originals

/// Where a file goes, and where it came from.
struct Destination: Sendable {
    /// A file of this machine that is imported.
    struct Source: Sendable {
        var file: ImportFile
        /// What it looked like before it was read; nil where it changed meanwhile, so that it is read again next time.
        var look: ImportFile.Look?
        /// What the same path held before.
        var former: OriginalHash?
    }

    var account: Int64
    /// The title where the tags have none, behind the folders the file lay in, where they are known.
    var name: String
    var source: Source?
    /// The upload that brings it.
    var upload: String?
    /// What it is the small rendition of.
    var large: Made?
    var isCompact = false
}

/// What ingest made from an Original, staged beside it.
struct Made: Sendable {
    let map: TrackMap
    let measures: SoundMeasures
    let stored: StagedFile
    let storedMeasures: StagedFile
    let packets: StagedFile?
    let art: PictureBytes?

    var files: [StagedFile] { [stored, storedMeasures, packets].compactMap(\.self) }
}
