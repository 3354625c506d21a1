internal import Audio
internal import FoundationEssentials
internal import GRDB

extension ImportRecord {
    init(row: Row) throws {
        let hash = (row["sha256"] as Data?).flatMap(OriginalHash.init(bytes:))
        let verdict: Verdict
        switch (hash, row["reason"] as String?) {
        case (let hash?, nil): verdict = .taken(hash)
        case (nil, ""?): verdict = .passedOver
        case (nil, let reason?): verdict = .refused(reason: reason)
        default: throw CatalogueError.corrupt("imported has both or neither of sha256 and reason")
        }
        self.init(
            path: Array(row["path"] as Data),
            identity: Identity(
                device: UInt64(bitPattern: row["device"]), inode: UInt64(bitPattern: row["inode"]), size: row["size"],
                modified: row["mtime"]),
            beside: row["beside"], verdict: verdict, version: row["version"])
    }

    /// Writes the row, over one of the same path.
    func save(account: Int64, _ db: Database) throws {
        var (hash, reason): (OriginalHash?, String?) = (nil, nil)
        switch verdict {
        case .taken(let taken): hash = taken
        case .refused(let refused): reason = refused
        case .passedOver: reason = ""
        }
        try db.insert(
            into: "imported",
            [
                ("account", account), ("path", Data(path)), ("device", Int64(bitPattern: identity.device)),
                ("inode", Int64(bitPattern: identity.inode)), ("size", identity.size), ("mtime", identity.modified),
                ("beside", beside), ("sha256", hash?.databaseValue), ("reason", reason), ("version", version)
            ], orReplace: true)
    }
}
