/// Tracks of one album title and one album artist that are certainly on one album. They lie in one folder or, if no folder
/// is known, have one year; and they name one release or none.
struct AlbumPart {
    struct Key: Hashable {
        var release: String
        var folder: String
        /// 0 if unknown, and if the folder is known.
        var year: Int
    }

    let key: Key
    private(set) var members: [AlbumMember] = []
    private var years: Set<Int> = []
    private var discs: Set<Int> = []
    private var titles: [Int: String] = [:]

    init(_ key: Key) { self.key = key }

    mutating func add(_ member: AlbumMember) {
        members.append(member)
        if member.year > 0 { years.insert(member.year) }
        discs.insert(member.disc)
        if let position = member.position { titles[position] = member.title }
    }

    /// Whether something says that the two are on different albums.
    ///
    /// - Parameter isVarious: whether the album is by various artists, so that each artist may have a folder, and each track
    ///   another year.
    func contradicts(_ other: AlbumPart, isVarious: Bool) -> Bool {
        if !key.release.isEmpty, !other.key.release.isEmpty { return key.release != other.key.release }
        let haveFolders = !key.folder.isEmpty && !other.key.folder.isEmpty
        if haveFolders, key.folder == other.key.folder { return false }
        guard !years.isEmpty, !other.years.isEmpty else { return haveFolders && collides(with: other, evenWithOneTitle: false) }
        if !years.isDisjoint(with: other.years) { return false }
        guard haveFolders, !isVarious else { return collides(with: other, evenWithOneTitle: true) }
        // The discs of a set may be of different years.
        let areDiscsOfOneSet = !discs.contains(0) && !other.discs.contains(0) && discs.isDisjoint(with: other.discs)
        return !areDiscsOfOneSet
    }

    /// Whether both have a track in one place of the album; if not `evenWithOneTitle`, only if the tracks' titles differ.
    private func collides(with other: AlbumPart, evenWithOneTitle: Bool) -> Bool {
        titles.contains { position, title in other.titles[position].map { evenWithOneTitle || $0 != title } ?? false }
    }

    /// How strongly the two seem to be on one album: 3 for one release, 2 for one folder, 1 for a year in common, else 0.
    func affinity(to other: AlbumPart) -> Int {
        if !key.release.isEmpty, key.release == other.key.release { return 3 }
        if !key.folder.isEmpty, key.folder == other.key.folder { return 2 }
        return years.isDisjoint(with: other.years) ? 0 : 1
    }
}

extension AlbumPart {
    /// The albums that tracks of one title and one album artist are on, each with its tracks, the oldest first.
    ///
    /// The same tracks give the same albums, whatever was uploaded, changed or deleted in between.
    static func albums(_ members: [AlbumMember], isVarious: Bool) -> [[AlbumMember]] {
        var parts: [AlbumPart] = []
        var places: [Key: Int] = [:]
        for member in members.sorted(by: { ($0.added, $0.id) < ($1.added, $1.id) }) {
            // A best-of in one folder has the years of its songs.
            let year = member.folder.isEmpty ? member.year : 0
            let key = Key(release: member.release, folder: member.folder, year: year)
            let place = places[key] ?? parts.count
            if place == parts.count {
                parts.append(AlbumPart(key))
                places[key] = place
            }
            parts[place].add(member)
        }
        var albums: [[AlbumPart]] = []
        for part in parts {
            let fitting = albums.indices.filter { place in
                !albums[place].contains { $0.contradicts(part, isVarious: isVarious) }
            }
            let best = fitting.max { one, other in
                // The first of equals.
                (affinity(of: part, to: albums[one]), -one) < (affinity(of: part, to: albums[other]), -other)
            }
            if let best { albums[best].append(part) } else { albums.append([part]) }
        }
        return albums.map { $0.flatMap(\.members).sorted { ($0.added, $0.id) < ($1.added, $1.id) } }
    }

    private static func affinity(of part: AlbumPart, to album: [AlbumPart]) -> Int {
        album.map { part.affinity(to: $0) }.max() ?? 0
    }
}
