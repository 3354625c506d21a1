internal import Audio
internal import Glibc
internal import Locker

/// A file that an import is asked for, with the cover and the lyrics beside it.
struct ImportFile: Sendable {
    let path: Path
    /// When its content last changed, in nanoseconds since 1970; 0 if its status was not read.
    let modified: Int
    /// Whether its name does not claim sound, so that its first bytes decide. A file that a person named is never doubtful.
    let isDoubtful: Bool
    let cover: Path?
    let lyrics: Path?

    init(
        _ path: Path, name: Path.Name? = nil, in contents: FolderContents? = nil, modified: Int = 0, isDoubtful: Bool = false
    ) {
        self.path = path
        self.isDoubtful = isDoubtful
        self.modified = modified
        cover = contents?.cover
        lyrics = name.flatMap { contents?.lyrics(for: $0) }
    }

    /// The state of a file, which an import compares with the state it remembers.
    struct Look: Sendable, Hashable {
        var identity: ImportRecord.Identity
        var beside: String
    }

    /// Returns nil if the file does not exist or cannot be reached. Blocks.
    func look() -> Look? {
        guard let status = path.status else { return nil }
        return Look(identity: ImportRecord.Identity(status), beside: besideNow)
    }

    /// Identifies the cover and the lyrics beside this file, by inode, size and time of change.
    private var besideNow: String {
        func sign(_ path: Path?) -> String? {
            guard let status = path?.status else { return nil }
            return "\(status.st_ino).\(status.st_size).\(status.modified)"
        }
        return [sign(cover).map { "art \($0)" }, sign(lyrics).map { "lyrics \($0)" }].compactMap(\.self).joined(separator: " ")
    }

    /// Whether its first bytes may begin a file with sound, so that ingest has to decide. Blocks.
    func isPlausible() throws(IntakeError) -> Bool {
        SoundSignature.isPlausible(try SourceFile(rawPath: path.cString).read(at: 0, count: SoundSignature.bytes))
    }

    func record(_ look: Look, _ verdict: ImportRecord.Verdict, version: String) -> ImportRecord {
        ImportRecord(path: path.key, identity: look.identity, beside: look.beside, verdict: verdict, version: version)
    }
}

extension ImportRecord.Identity {
    init(_ status: stat) {
        self.init(
            device: UInt64(status.st_dev), inode: UInt64(status.st_ino), size: Int(status.st_size), modified: status.modified)
    }
}
