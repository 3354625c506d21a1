public import Audio

/// An Original on its way into a locker.
public struct Arrival: Sendable {
    public var hash: OriginalHash
    public var map: TrackMap
    public var measures: SoundMeasures
    /// The recording it is an encode of; nil if it was compared with none.
    public var recording: RecordingChoice?
    /// The title if the file's tags have none.
    public var title: String
    /// The cover inside the file; nil if it has none, or if the Original was stored before, so that its rows know the cover.
    public var art: OriginalHash?
    public var beside: Beside
    /// The file it was imported from, noted in the same transaction.
    public var record: ImportRecord?
    /// Whether it is a small rendition of its owner's file.
    public var isCompact: Bool
    /// The tags of the file that a small rendition was made from, which say more than its own; nil for other files.
    public var tags: TrackTags?
    /// The path or name of the file it came as; its folders tell albums of one title apart.
    public var path: String

    public init(
        hash: OriginalHash, map: TrackMap, measures: SoundMeasures, title: String, art: OriginalHash? = nil,
        recording: RecordingChoice? = nil, beside: Beside = Beside(), record: ImportRecord? = nil, isCompact: Bool = false,
        tags: TrackTags? = nil, path: String = ""
    ) {
        self.hash = hash
        self.map = map
        self.measures = measures
        self.recording = recording
        self.title = title
        self.art = art
        self.beside = beside
        self.record = record
        self.isCompact = isCompact
        self.tags = tags
        self.path = path
    }

    /// The hashes that its row refers to in the store.
    var files: [OriginalHash?] { [hash, art, beside.art?.hash] }

    var filing: Filing { Filing(tags ?? map.tags, folder: AlbumFolder.of(path: path)) }
}

/// The result of adding an ``Arrival``.
public struct Addition: Sendable, Hashable {
    public var track: Track
    /// Whether the track is new in the locker.
    public var isNew: Bool
    /// Originals and pictures that a row no longer refers to; see ``Catalogue/beginRemoval(of:)``.
    public var released: [OriginalHash] = []
}
