internal import Audio
internal import Locker

/// Where a file goes, and where it came from.
struct Destination: Sendable {
    enum Origin: Sendable {
        /// A file of this machine that is imported.
        case file(Source)
        /// The bytes of the upload with this id.
        case upload(id: String)
        /// Made here as the small rendition of what the upload brought.
        case compact(of: Made, upload: String)
    }

    /// A file that is imported.
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
    var origin: Origin
    /// Whether what is stored is a small rendition of what its owner has.
    var isCompact = false

    /// The upload that is stored with it.
    var upload: String? {
        switch origin {
        case .upload(let id), .compact(_, let id): id
        case .file: nil
        }
    }

    var source: Source? {
        if case .file(let source) = origin { source } else { nil }
    }

    /// What it is the small rendition of.
    var large: Made? {
        if case .compact(let large, _) = origin { large } else { nil }
    }
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
