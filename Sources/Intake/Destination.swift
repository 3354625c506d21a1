internal import Audio
internal import Locker

/// The account that a file goes to, and where the file came from.
struct Destination: Sendable {
    enum Origin: Sendable {
        /// A local file that is imported.
        case file(Source)
        /// The bytes of the upload with this id.
        case upload(id: String)
        /// A small rendition that the server made of the upload with this id.
        case compact(of: Made, upload: String)
    }

    /// A file that is imported.
    struct Source: Sendable {
        var file: ImportFile
        /// The file's state before it was read; nil if it changed meanwhile, so that the next import reads it again.
        var look: ImportFile.Look?
        /// The Original that the same path held before.
        var former: OriginalHash?
    }

    var account: Int64
    /// The file's name, with its folders if they are known. The track gets its title from this name if the tags have none.
    var name: String
    var origin: Origin
    /// Whether the stored file is a small rendition of its owner's file.
    var isCompact = false

    /// The id of the upload that is settled with the file; nil for an imported file.
    var upload: String? {
        switch origin {
        case .upload(let id), .compact(_, let id): id
        case .file: nil
        }
    }

    var source: Source? {
        if case .file(let source) = origin { source } else { nil }
    }

    /// The file that a small rendition was made from; nil if the file is stored as it came.
    var large: Made? {
        if case .compact(let large, _) = origin { large } else { nil }
    }
}

/// The results of ingest for an Original, staged beside it.
struct Made: Sendable {
    let map: TrackMap
    let measures: SoundMeasures
    let stored: StagedFile
    let storedMeasures: StagedFile
    let packets: StagedFile?
    let art: PictureBytes?

    var files: [StagedFile] { [stored, storedMeasures, packets].compactMap(\.self) }
}
