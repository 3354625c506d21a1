import Audio
import Locker
import Taste

/// An account's own tracks with numbers, and which of them it heard in one sitting.
///
/// Of several encodes of one recording the first stands for all: it was heard when any of them was, and lists name it alone.
struct OwnLibrary: Sendable {
    private(set) var tracks: [OwnTrack]
    /// Numbers by the tracks' ids.
    let numbers: [String: Int32]
    /// The first track of each recording.
    let numbersOfRecordings: [Int64: Int32]
    /// The first track of each track's recording.
    private let firsts: [Int32]
    /// Sittings and the tracks heard in them.
    private(set) var sittings = Interactions()
    /// The latest plays, the oldest of them first.
    private(set) var plays: [(at: Int, item: Int32)] = []
    private var descriptions: [Taste.Track]

    /// - Parameter plays: times in milliseconds since 1970, the oldest first.
    init(_ tracks: [OwnTrack], plays: [(at: Int, track: String)]) {
        var joined = tracks
        var (recordings, firsts): ([Int64: Int32], [Int32]) = ([:], [])
        firsts.reserveCapacity(tracks.count)
        for (track, number) in zip(tracks, Int32(0)...) {
            let first = track.recording.flatMap { recordings[$0] } ?? number
            if let recording = track.recording { recordings[recording] = first }
            firsts.append(first)
            joined[Int(first)].played = max(joined[Int(first)].played, track.played)
        }
        let numbers = Dictionary(zip(tracks.map(\.id), Int32(0)...)) { first, _ in first }
        self.tracks = joined
        self.numbers = numbers
        self.firsts = firsts
        numbersOfRecordings = recordings
        descriptions = Self.descriptions(of: tracks)
        hear(plays)
    }

    /// Takes these for the latest plays, without any that was erased since.
    mutating func hear(_ plays: [(at: Int, track: String)]) {
        self.plays = plays.compactMap { play in numbers[play.track].map { (at: play.at, item: firsts[Int($0)]) } }
        for play in self.plays { tracks[Int(play.item)].played = max(tracks[Int(play.item)].played, play.at) }
        sittings = Sittings.interactions(of: self.plays.map { (at: Int64($0.at), item: $0.item) })
        for number in descriptions.indices { descriptions[number].popularity = sittings.accountCount(of: Int32(number)) }
    }

    /// The track that stands for all encodes of a track's recording; `number` itself if it is out of range.
    func first(of number: Int32) -> Int32 {
        number >= 0 && number < firsts.count ? firsts[Int(number)] : number
    }

    /// Whether a track stands for its recording.
    func isFirst(_ number: Int32) -> Bool { first(of: number) == number }

    /// What the account likes most, by number: weights as of the latest of their times, of all encodes together. Only their ratios
    /// count, which stay the same.
    func weights(of rows: [TasteRow]) -> [Seed] {
        let time = rows.map(\.at).max() ?? 0
        var weights: [Int32: Float] = [:]
        for row in rows where row.weight > 0 {
            guard let number = numbers[row.track] else { continue }
            let weight = Decay.taste.weight(row.weight, from: Int64(row.at), to: Int64(time))
            weights[first(of: number), default: 0] += Float(weight)
        }
        let seeds = weights.map { Seed(item: $0.key, weight: $0.value) }
        return Array(seeds.sorted { ($0.weight, $1.item) > ($1.weight, $0.item) }.prefix(Likes.Builder.mostOfAccount))
    }

    /// Numbers of the tracks that are not to be suggested.
    func numbers(ofHidden hidden: (recordings: Set<Int64>, tracks: Set<String>)) -> Set<Int32> {
        var found = Set(hidden.tracks.compactMap { numbers[$0] })
        if !hidden.recordings.isEmpty {
            found.formUnion(indices { $0.recording.map(hidden.recordings.contains) == true })
        }
        return found
    }

    /// What list rules have to know of a track.
    func description(of number: Int32) -> Taste.Track? {
        number >= 0 && number < descriptions.count ? descriptions[Int(number)] : nil
    }

    private static func descriptions(of tracks: [OwnTrack]) -> [Taste.Track] {
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
                season: Season(words: track.genres + [track.title]))
        }
    }

    /// The tracks that a radio starts from, each recording once; empty if there is no such thing.
    func numbers(of seed: RadioSeed, playlist: [String]) -> [Int32] {
        var known: Set<Int32> = []
        return allNumbers(of: seed, playlist: playlist).map(first(of:)).filter { known.insert($0).inserted }
    }

    private func allNumbers(of seed: RadioSeed, playlist: [String]) -> [Int32] {
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
    /// - Parameters:
    ///   - longest: the most tracks of it.
    ///   - hidden: tracks that it does not pass.
    ///   - isOver: as ``SongPath`` has it.
    func path(
        from start: Int32, to end: Int32, longest: Int = 25, sound: SoundSpace?, hidden: Set<Int32> = [],
        until isOver: () -> Bool = { false }
    ) -> [Int32]? {
        let (first, last) = (self.first(of: start), self.first(of: end))
        if first == last, start != end { return longest > 1 ? [start, end] : nil }
        func isPassable(_ item: Int32) -> Bool { item == last || item == first || isFirst(item) && !hidden.contains(item) }
        let path = SongPath(longest: longest).path(from: first, to: last, until: isOver) { item in
            if let sound, sound.contains(item) { return sound.nearest(to: item, count: 20, where: isPassable) }
            return Walk(support: 1).scores(from: [Seed(item: item)], in: sittings).best(20) { $0 != item && isPassable($0) }
        }
        return path?.map { $0 == first ? start : $0 == last ? end : $0 }
    }

    /// Numbers of the tracks that have a genre in common with these, each recording once.
    func alike(_ seeds: [Int32]) -> [Int32] {
        let genres = Set(seeds.flatMap { tracks[Int($0)].genreKeys })
        return indices { track in track.genreKeys.contains { genres.contains($0) } }.filter(isFirst)
    }

    private func indices(where isIn: (OwnTrack) -> Bool) -> [Int32] {
        zip(Int32(0)..., tracks).filter { isIn($1) }.map(\.0)
    }
}
