public import Locker

/// The outcome of one file of an import.
public struct ImportedFile: Sendable, Hashable {
    public enum Outcome: Sendable, Hashable {
        case imported(Track)
        /// The locker had the same bytes already.
        case existing(Track)
        /// The file is known by a path at which it no longer exists; it was not read again.
        case moved(Track)
        /// The file has the same sound and other tags: its track was kept and got the new tags.
        case updated(Track)
        /// One sentence without a full stop.
        case refused(reason: String)
    }

    public var path: String
    public var outcome: Outcome
}

/// The progress of an import. The first report comes once the files are counted, before any is dealt with.
public struct ImportProgress: Sendable, Hashable {
    /// Files dealt with, whatever their outcome.
    public var done: Int
    /// Files found.
    public var total: Int
    /// The file this report is about; nil in the first.
    public var latest: ImportedFile?
}

/// The outcome of an import.
public struct ImportSummary: Sendable, Hashable {
    public struct Refused: Sendable, Hashable {
        public var path: String
        /// One sentence without a full stop.
        public var reason: String
    }

    public struct Warning: Sendable, Hashable {
        public var path: String
        /// The track's first warning: one sentence.
        public var warning: String
    }

    /// A playlist entry that is not a track of the account.
    public struct Missing: Sendable, Hashable {
        /// The playlist's path.
        public var playlist: String
        /// Counted from 1.
        public var line: Int
        /// As the playlist has it.
        public var entry: String
    }

    /// The most warnings that are kept; further ones are only counted.
    public static let keptWarnings = 5
    /// The most missing entries that are kept; further ones are only counted.
    public static let keptMissing = 1000

    public var imported = 0
    public var existing = 0
    public var moved = 0
    public var updated = 0
    /// Refused files, in the order in which they were met.
    public var refused: [Refused] = []
    /// Files in folders that were not taken for songs.
    public var passedOver = PassedOver()
    /// Playlists that were made or changed.
    public var playlists = 0
    /// Entries of playlists that were not found.
    public var missing = 0
    /// The first missing entries, in the order of playlists and lines.
    public var missingEntries: [Missing] = []
    /// Imported or updated files that have a warning.
    public var warned = 0
    /// The first warnings.
    public var warnings: [Warning] = []

    /// Refused files by reason, the most frequent first, files in the order they were met.
    public var refusals: [(reason: String, paths: [String])] {
        Dictionary(grouping: refused, by: \.reason)
            .map { (reason: $0.key, paths: $0.value.map(\.path)) }
            .sorted { ($1.paths.count, $0.reason) < ($0.paths.count, $1.reason) }
    }

    mutating func count(_ file: ImportedFile) {
        switch file.outcome {
        case .imported(let track):
            imported += 1
            note(track, file.path)
        case .existing: existing += 1
        case .moved: moved += 1
        case .updated(let track):
            updated += 1
            note(track, file.path)
        case .refused(let reason): refused.append(Refused(path: file.path, reason: reason))
        }
    }

    mutating func note(missing entry: Missing) {
        missing += 1
        if missingEntries.count < Self.keptMissing { missingEntries.append(entry) }
    }

    private mutating func note(_ track: Track, _ path: String) {
        guard let warning = track.warnings.first else { return }
        warned += 1
        if warnings.count < Self.keptWarnings { warnings.append(Warning(path: path, warning: warning)) }
    }
}

extension ImportProgress {
    /// The file this report is about, if it was refused.
    public var lastRefusal: ImportSummary.Refused? {
        guard let latest, case .refused(let reason) = latest.outcome else { return nil }
        return ImportSummary.Refused(path: latest.path, reason: reason)
    }
}
