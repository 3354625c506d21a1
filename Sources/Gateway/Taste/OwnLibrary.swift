import Audio
import Locker
import Taste

/// An account's own tracks with numbers, and which of them it heard in one sitting.
struct OwnLibrary: Sendable {
    let tracks: [OwnTrack]
    /// Numbers by the tracks' ids.
    let numbers: [String: Int32]
    /// The first track of each recording.
    let numbersOfRecordings: [Int64: Int32]
    /// Sittings and the tracks heard in them.
    let sittings: Interactions
    /// The latest plays, the oldest of them first.
    let plays: [(at: Int, item: Int32)]
    private let descriptions: [Taste.Track]

    /// - Parameter plays: times in milliseconds since 1970, the oldest first.
    init(_ tracks: [OwnTrack], plays: [(at: Int, track: String)]) {
        self.tracks = tracks
        let numbers = Dictionary(zip(tracks.map(\.id), Int32(0)...)) { first, _ in first }
        self.numbers = numbers
        numbersOfRecordings = Dictionary(
            zip(tracks, Int32(0)...).compactMap { track, number in track.recording.map { ($0, number) } }
        ) { first, _ in first }
        self.plays = plays.compactMap { play in numbers[play.track].map { (at: play.at, item: $0) } }
        sittings = Sessions.interactions(of: self.plays.map { (at: Int64($0.at), item: $0.item) })
        descriptions = Self.descriptions(of: tracks, in: sittings)
    }

    /// What list rules have to know of a track.
    func description(of number: Int32) -> Taste.Track? {
        number >= 0 && number < descriptions.count ? descriptions[Int(number)] : nil
    }

    private static func descriptions(of tracks: [OwnTrack], in sittings: Interactions) -> [Taste.Track] {
        var names: [String: Int32] = [:]
        func number(_ name: String) -> Int32 {
            let known = names[name] ?? Int32(names.count)
            names[name] = known
            return known
        }
        return zip(Int32(0)..., tracks).map { item, track in
            Taste.Track(
                item: item, artist: number(track.artistID), album: number(track.albumID),
                length: LengthClass(milliseconds: Int64(min(track.duration, 1e9) * 1000)),
                season: Season(words: track.genres + [track.title]), popularity: sittings.accountCount(of: item))
        }
    }

    /// The tracks that a radio starts from; empty if there is no such thing.
    func numbers(of seed: RadioSeed, playlist: [String]) -> [Int32] {
        switch seed {
        case .track(let id): numbers[id].map { [$0] } ?? []
        case .album(let id): indices { $0.albumID == id }
        case .artist(let id): indices { $0.artistID == id }
        case .genre(let name): indices { [key = OwnTrack.key(ofGenre: name)] in $0.genreKeys.contains(key) }
        case .playlist: playlist.compactMap { numbers[$0] }
        }
    }

    /// The tracks as points.
    ///
    /// - Parameter sounds: by the tracks' ids.
    func soundSpace(of sounds: [String: SoundFeatures]) -> SoundSpace {
        var artists: [String: Int32] = [:]
        let unknown = [Float](repeating: .nan, count: SoundSpace.width)
        let features = tracks.flatMap { sounds[$0.id]?.values ?? unknown }
        let numbers = tracks.map { track in
            let number = artists[track.artistID] ?? Int32(artists.count)
            artists[track.artistID] = number
            return number
        }
        return SoundSpace(features: features, artists: numbers)
    }

    /// Tracks from one to another, both among them, each like the one before; nil if there is no way.
    ///
    /// - Parameter longest: the most tracks of it.
    func path(from start: Int32, to end: Int32, longest: Int = 25, sound: SoundSpace?) -> [Int32]? {
        SongPath(longest: longest).path(from: start, to: end) { item in
            if let sound, sound.contains(item) { return sound.nearest(to: item, count: 20) }
            return Walk(support: 1).scores(from: [Seed(item: item)], in: sittings).best(20) { $0 != item }
        }
    }

    /// Numbers of the tracks that have a genre in common with these.
    func alike(_ seeds: [Int32]) -> [Int32] {
        let genres = Set(seeds.flatMap { tracks[Int($0)].genreKeys })
        return indices { track in track.genreKeys.contains { genres.contains($0) } }
    }

    private func indices(where isIn: (OwnTrack) -> Bool) -> [Int32] {
        zip(Int32(0)..., tracks).filter { isIn($1) }.map(\.0)
    }
}
