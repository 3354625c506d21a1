import Locker
import Taste

/// What the listeners of all lockers like, by recording, as it was when it was read.
struct Likes: Sendable {
    /// Numbers of accounts in ``interactions``.
    private(set) var accounts: [Int64: Int32] = [:]
    /// Numbers of recordings.
    private(set) var items: [Int64: Int32] = [:]
    /// The recording of each number.
    private(set) var recordings: [Int64] = []
    private(set) var interactions: Interactions
    private(set) var artists: Artists
    /// Numbers of artists by a hash of their names without accents: no name stays of a locker that is gone.
    private var hashedArtists: [Int: Int32] = [:]
    /// The artist of each recording, -1 without one.
    private let artistNumbers: [Int32]

    private init(_ interactions: Interactions, artists: [Int32]) {
        self.interactions = interactions
        artistNumbers = artists
        self.artists = Artists(artists, of: interactions)
    }

    /// No listeners.
    init() { self.init(Interactions(), artists: []) }

    var listenerCount: Int { accounts.count }

    /// The number of an artist; nil if no listener likes it.
    ///
    /// - Parameter name: as the catalogue orders it, without accents.
    func artist(ordered name: String) -> Int32? { hashedArtists[name.hashValue] }

    /// Takes out the accounts that are not among these, at once and for everyone.
    mutating func keep(_ listeners: Set<Int64>) {
        let gone = accounts.filter { !listeners.contains($0.key) }
        if gone.isEmpty { return }
        for (account, number) in gone {
            interactions.remove(number)
            accounts[account] = nil
        }
        artists = Artists(artistNumbers, of: interactions)
    }

    /// Reads likings in the order in which the catalogue gives them.
    struct Builder: ~Copyable {
        /// The most recordings that are kept of an account, those it likes most.
        private static let mostOfAccount = 500

        private let time: Int
        private var accounts: [Int64: Int32] = [:]
        private var items: [Int64: Int32] = [:]
        private var recordings: [Int64] = []
        private var artists: [Int32] = []
        private var artistNumbers: [String: Int32] = [:]
        private var rows = InteractionsBuilder(perAccount: Self.mostOfAccount)

        /// - Parameter time: to which weights fade, in milliseconds since 1970.
        init(at time: Int) { self.time = time }

        mutating func append(_ taste: RecordingTaste) {
            guard accounts.count < Int(Interactions.mostNumbers), recordings.count < Int(Interactions.mostNumbers) else { return }
            let account = accounts[taste.account] ?? Int32(accounts.count)
            accounts[taste.account] = account
            let item = items[taste.recording] ?? Int32(recordings.count)
            if Int(item) == recordings.count {
                items[taste.recording] = item
                recordings.append(taste.recording)
            }
            let weight = Decay.taste.weight(taste.weight, from: Int64(taste.at), to: Int64(time))
            rows.append(Preference(account: account, item: item, weight: Float(weight)))
        }

        /// The recordings of which no artist is known yet.
        var withoutArtists: [Int64] { Array(recordings[artists.count...]) }

        /// Gives the first of ``withoutArtists`` theirs, in this order.
        mutating func append(artists names: [String]) { for name in names { artists.append(number(ofArtist: name)) } }

        /// Tracks without an artist have none in common.
        private mutating func number(ofArtist name: String) -> Int32 {
            if name.isEmpty { return -1 }
            if let known = artistNumbers[name] { return known }
            let number = Int32(artistNumbers.count)
            artistNumbers[name] = number
            return number
        }

        consuming func finish() -> Likes {
            artists += repeatElement(-1, count: recordings.count - artists.count)
            var likes = Likes(rows.finish(), artists: artists)
            (likes.accounts, likes.items, likes.recordings) = (accounts, items, recordings)
            likes.hashedArtists = Dictionary(
                artistNumbers.map { (OwnTrack.withoutAccents($0.key).hashValue, $0.value) }, uniquingKeysWith: min)
            return likes
        }
    }
}
