import Locker

extension SubsonicElement {
    /// An artist: an `ArtistID3`.
    init(_ entry: ArtistEntry) {
        let artist = entry.artist
        self.init(capacity: 12)
        add("id", artist.id)
        add("name", SubsonicNames.artist(artist.name))
        add("coverArt", artist.albums > 0 ? artist.id : nil)
        add("albumCount", artist.albums)
        add(artist.marks)
        add("musicBrainzId", "" as SubsonicValue)
        add("mediaType", "artist" as SubsonicValue)
        add("sortName", entry.sortName)
        add("disambiguation", "" as SubsonicValue)
        let roles = [("albumartist", artist.albums), ("artist", artist.tracks)].filter { $0.1 > 0 }.map(\.0)
        add("roles", .texts(roles))
    }

    /// An artist as a folder: an `Artist`.
    init(folder entry: ArtistEntry) {
        self.init(capacity: 6)
        add("id", entry.artist.id)
        add("name", SubsonicNames.artist(entry.artist.name))
        add("coverArt", entry.artist.albums > 0 ? entry.artist.id : nil)
        add(entry.artist.marks)
    }

    /// An artist as a directory: a `Child`.
    init(directory entry: ArtistEntry) {
        let name = SubsonicNames.artist(entry.artist.name)
        self.init(capacity: 12)
        add("id", entry.artist.id)
        add("parent", "\(SubsonicNames.folder)")
        add("isDir", true)
        add("title", name)
        add("artist", name)
        add("coverArt", entry.artist.albums > 0 ? entry.artist.id : nil)
        add("artistId", entry.artist.id)
        add("mediaType", "artist" as SubsonicValue)
        add(entry.artist.marks)
    }
}

/// Artists under the letters of an index, as they are shown.
struct SubsonicIndex {
    private(set) var letters: [(name: String, artists: [ArtistEntry])] = []

    /// - Parameter artists: by name.
    init(_ artists: [ArtistEntry]) {
        for artist in artists {
            let name = artist.artist.name.isEmpty ? "#" : artist.letter ?? letters.last?.name ?? "#"
            if letters.last?.name == name {
                letters[letters.count - 1].artists.append(artist)
            } else if let place = letters.firstIndex(where: { $0.name == name }) {
                letters[place].artists.append(artist)
            } else {
                letters.append((name, [artist]))
            }
        }
    }

    func elements(_ artist: @escaping @Sendable (ArtistEntry) -> SubsonicElement) -> [SubsonicElement] {
        letters.map { ["name": .text($0.name), "artist": .list($0.artists, artist)] }
    }
}
