internal import Audio

extension ImportRecord {
    static let selection = "path, device, inode, size, mtime, beside, sha256, reason, version"

    /// - Parameter row: has the columns of ``selection``.
    init(row: Row) throws {
        let hash = (row[6] as [UInt8]?).flatMap(OriginalHash.init(bytes:))
        let verdict: Verdict
        switch (hash, row[7] as String?) {
        case (let hash?, nil): verdict = .taken(hash)
        case (nil, ""?): verdict = .passedOver
        case (nil, let reason?): verdict = .refused(reason: reason)
        default: throw CatalogueError.corrupt("imported has both or neither of sha256 and reason")
        }
        self.init(
            path: row[0],
            identity: Identity(
                device: UInt64(bitPattern: row[1]), inode: UInt64(bitPattern: row[2]), size: row[3], modified: row[4]),
            beside: row[5], verdict: verdict, version: row[8])
    }

    /// Writes the row, over the one of the same path.
    func save(account: Int64, _ db: any Connection) throws {
        var (hash, reason): (OriginalHash?, String?) = (nil, nil)
        switch verdict {
        case .taken(let taken): hash = taken
        case .refused(let refused): reason = refused
        case .passedOver: reason = ""
        }
        try db.upsert(
            into: "imported", key: ["account", "path"],
            [
                ("account", account), ("path", path), ("device", Int64(bitPattern: identity.device)),
                ("inode", Int64(bitPattern: identity.inode)), ("size", identity.size), ("mtime", identity.modified),
                ("beside", beside), ("sha256", hash), ("reason", reason), ("version", version)
            ])
    }
}
