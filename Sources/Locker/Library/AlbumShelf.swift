/// The tracks of one account whose albums have one title. Decides which of them are on one album, and whose album it is.
///
/// A track's album depends on the other tracks: a folder of tracks by several artists is a compilation, and a year tells
/// albums apart if it differs from the others'. So a change refiles all tracks that it may affect, by ``AlbumPart``.
struct AlbumShelf {
    /// The most tracks of one folder that are looked at together; a larger folder is not taken for one album.
    private static let mostInFolder = 300
    /// The most tracks of one title and one album artist that are looked at together; a further one joins the album it fits
    /// best.
    private static let mostOfOwner = 300

    let account: Int64
    /// The albums' title; empty for tracks without an album, whose placeholder album is never listed.
    let album: String
    let db: any Connection
    /// The track that is about to be written.
    var pending: AlbumMember?
    /// The id of the track whose row is ignored, as it is about to be written or removed.
    private(set) var excluded = ""
    /// False only for a catalogue of a schema from before albums had origins and shares.
    private(set) var hasShares = true

    init(account: Int64, album: String, db: any Connection) {
        (self.account, self.album, self.db) = (account, album, db)
    }

    /// Gives a track that is about to be written its album.
    ///
    /// - Parameters:
    ///   - member: its `albumID` is the one it had, or empty.
    ///   - former: the row that it overwrites, if that has the same album title.
    mutating func file(_ member: inout AlbumMember, former: AlbumMember?) throws {
        guard !album.isEmpty else { return try fileWithoutAlbum(&member) }
        excluded = member.id
        pending = member
        try settle([former?.owner].compactMap(\.self), in: [former, member].compactMap { $0 })
        if let placed = pending { member = placed }
    }

    /// - Parameter isStored: whether its row is still there.
    mutating func refile(without member: AlbumMember, isStored: Bool) throws {
        guard !album.isEmpty else { return }
        excluded = isStored ? member.id : ""
        pending = nil
        try settle([member.owner], in: [member])
    }

    /// Refiles all tracks of one album artist, for a change of the schema.
    mutating func refile(owner: String, folder: String) throws {
        guard !album.isEmpty else { return }
        hasShares = false
        try settle([owner], inFolders: [folder])
    }

    private func fileWithoutAlbum(_ member: inout AlbumMember) throws {
        let known: String? = try db.value(
            "SELECT id FROM album WHERE account = ? AND artistId = ? AND name = ? LIMIT 1", [account, member.owner, ""])
        if let id = known {
            member.albumID = id
        } else {
            member.albumID = Identifier.random()
            try db.insert(
                into: "album",
                [("id", member.albumID), ("account", account), ("artistId", member.owner), ("name", ""), ("artist", "")])
        }
        member.albumOrder = ""
        if member.albumArtists.isEmpty {
            member.albumArtists = member.isOpen ? Array(member.artists.prefix(member.mains)) : try [credit(member.owner)]
        }
    }

    private mutating func settle(_ owners: [String], in members: [AlbumMember]) throws {
        try settle(owners, inFolders: members.filter(\.isOpen).map(\.folder))
    }

    private mutating func settle(_ owners: [String], inFolders folders: [String]) throws {
        var owners = Set(owners)
        for folder in Set(folders) where !folder.isEmpty {
            var members = try stored(
                """
                account = ? AND album = ? AND folder = ? AND folder <> '' AND albumArtist = '' AND isCompilation = 0 AND id <> ?
                LIMIT ?
                """,
                [account, album, folder, excluded, Self.mostInFolder + 1])
            if let pending, pending.isOpen, pending.folder == folder { members.append(pending) }
            let common = try owner(ofFolder: members)
            for member in members {
                let owner = common ?? member.artistID
                guard member.owner != owner else { continue }
                owners.formUnion([member.owner, owner])
                if member.id == pending?.id {
                    pending?.owner = owner
                } else {
                    try db.update("track", [("albumOwner", owner)], where: [("id", member.id)])
                }
            }
        }
        if let pending { owners.insert(pending.owner) }
        for owner in owners.sorted() { try settle(owner) }
    }

    private func stored(_ condition: String, _ arguments: Arguments) throws -> [AlbumMember] {
        try AlbumMember.all(where: condition, arguments, db)
    }

    /// The artist whose album a folder of tracks is, if the tracks name no album artist; nil if each track belongs to its
    /// own artist.
    ///
    /// If every track has a place on the album and no two have the same, the folder is one album: by the artist of more than
    /// two thirds of its tracks, else by various artists. In a folder of everything, albums of one title would take places
    /// twice.
    private func owner(ofFolder members: [AlbumMember]) throws -> String? {
        guard members.count <= Self.mostInFolder, Set(members.map(\.artistID)).count > 1 else { return nil }
        let positions = members.compactMap(\.position)
        guard positions.count == members.count, Set(positions).count == members.count else { return nil }
        var counts: [String: Int] = [:]
        for member in members { for artist in Set(member.artists.map(\.id)) { counts[artist, default: 0] += 1 } }
        // An album with a guest's track or two is not a compilation.
        let leader = counts.max { ($0.value, $1.key) < ($1.value, $0.key) }
        if let leader, leader.value * 3 > members.count * 2 { return leader.key }
        return try Catalogue.artist(named: CreditedNames.various, account: account, db).id
    }

    /// Puts the tracks of one album artist on their albums.
    private mutating func settle(_ owner: String) throws {
        var members = try stored(
            "account = ? AND album = ? AND albumOwner = ? AND id <> ? LIMIT ?",
            [account, album, owner, excluded, Self.mostOfOwner + 1])
        let pendingHere = pending?.owner == owner ? pending : nil
        if members.count > Self.mostOfOwner {
            if let pendingHere { pending = try joined(pendingHere) }
            return
        }
        if let pendingHere { members.append(pendingHere) }
        guard !members.isEmpty else { return }
        let artist = try credit(owner)
        let isVarious = artist.name == CreditedNames.various || members.contains(where: \.isCompilation)
        var taken: Set<String> = []
        for members in AlbumPart.albums(members, isVarious: isVarious) {
            let looks = try look(of: members, by: artist)
            let id = try identify(members, looks, taken)
            taken.insert(id)
            let former = Set(members.map(\.albumID))
            try write(looks, id)
            if !former.contains(id) { try note(origin: former.count == 1 ? former.first : nil, of: id) }
            try setCredits(of: members, looks, album: id)
            for member in members { try put(member, on: id, looks) }
            try inherit(from: former.subtracting([id, ""]), id)
        }
    }

    /// Puts a track on an album whose artist has too many tracks of this title to compare.
    private func joined(_ member: AlbumMember) throws -> AlbumMember {
        var member = member
        let fitting: [(condition: String, arguments: Arguments)] = [
            (" AND release = ? AND folder = ? AND year = ?", [member.release, member.folder, member.year]),
            (" AND release = ? AND (folder = ? OR year = ?)", [member.release, member.folder, member.year]), ("", [])
        ]
        for (condition, arguments) in fitting {
            let found = try stored(
                "account = ? AND album = ? AND albumOwner = ? AND id <> ?\(condition) LIMIT 1",
                [account, album, member.owner, member.id] + arguments)
            guard let found = found.first else { continue }
            (member.albumID, member.albumOrder) = (found.albumID, found.albumOrder)
            if member.albumArtist.isEmpty { member.albumArtists = found.albumArtists }
            return member
        }
        return member
    }

    func credit(_ artist: String) throws -> Credit {
        Credit(id: artist, name: try db.value("SELECT name FROM artist WHERE id = ?", [artist]) ?? "")
    }
}
