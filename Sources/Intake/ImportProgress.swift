public import Locker

/// What became of one file of an import.
public struct ImportedFile: Sendable, Hashable {
    public enum Outcome: Sendable, Hashable {
        case imported(Track)
        /// The locker had the same bytes already.
        case existing(Track)
        /// One sentence without a full stop.
        case refused(reason: String)
    }

    public var path: String
    public var outcome: Outcome
}

/// How far an import is. The first report comes before the first file, once the files are counted.
public struct ImportProgress: Sendable, Hashable {
    /// Files dealt with, whatever became of them.
    public var done: Int
    /// Files found.
    public var total: Int
    /// The file this report is about; nil in the first.
    public var latest: ImportedFile?
}

/// What an import did.
public struct ImportSummary: Sendable, Hashable {
    public struct Refused: Sendable, Hashable {
        public var path: String
        /// One sentence without a full stop.
        public var reason: String
    }

    public var imported = 0
    public var existing = 0
    /// In the order they were met.
    public var refused: [Refused] = []

    mutating func count(_ file: ImportedFile) {
        switch file.outcome {
        case .imported: imported += 1
        case .existing: existing += 1
        case .refused(let reason): refused.append(Refused(path: file.path, reason: reason))
        }
    }
}

extension ImportProgress {
    /// The file this report is about, if it was refused.
    public var lastRefusal: ImportSummary.Refused? {
        guard let latest, case .refused(let reason) = latest.outcome else { return nil }
        return ImportSummary.Refused(path: latest.path, reason: reason)
    }
}
