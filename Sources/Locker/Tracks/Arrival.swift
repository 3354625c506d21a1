public import Audio

/// An Original on its way into a locker.
public struct Arrival: Sendable {
    public var hash: OriginalHash
    public var map: TrackMap
    public var measures: SoundMeasures
    /// The title where the file's tags have none.
    public var title: String
    /// The cover inside the file; nil where it has none, and where the Original was stored before, whose rows know it.
    public var art: OriginalHash?
    public var beside: Beside
    /// The file it was imported from, noted in the same transaction.
    public var record: ImportRecord?
    /// Whether it is a small rendition of what its owner has.
    public var isCompact: Bool
    /// The tags of the file it was made of, where they say more than its own.
    public var tags: TrackTags?
    /// The path or name of the file it came as; its folders tell albums of one title apart.
    public var path: String

    public init(
        hash: OriginalHash, map: TrackMap, measures: SoundMeasures, title: String, art: OriginalHash? = nil,
        beside: Beside = Beside(), record: ImportRecord? = nil, isCompact: Bool = false, tags: TrackTags? = nil,
        path: String = ""
    ) {
        self.hash = hash
        self.map = map
        self.measures = measures
        self.title = title
        self.art = art
        self.beside = beside
        self.record = record
        self.isCompact = isCompact
        self.tags = tags
        self.path = path
    }

    /// What a row of it refers to in the store.
    var files: [OriginalHash?] { [hash, art, beside.art?.hash] }

    var filing: Filing { Filing(tags ?? map.tags, folder: AlbumFolder.of(path: path)) }
}

/// What became of an ``Arrival``.
public struct Addition: Sendable, Hashable {
    public var track: Track
    /// Whether the track is new in the locker.
    public var isNew: Bool
    /// Originals and pictures a row referred to and does not any more; see ``Catalogue/beginRemoval(of:)``.
    public var released: [OriginalHash] = []
}
