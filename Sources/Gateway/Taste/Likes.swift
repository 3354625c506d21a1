import Locker
import Taste

/// What the listeners of all lockers like, by recording, as it was when it was read.
struct Likes: Sendable {
    /// Numbers of accounts in ``interactions``.
    private(set) var accounts: [Int64: Int32] = [:]
    /// When each of the accounts opted in: another account may get the id of one that is gone.
    private var since: [Int64: Int] = [:]
    /// Numbers of recordings.
    private(set) var items: [Int64: Int32] = [:]
    /// The recording of each number.
    private(set) var recordings: [Int64] = []
    private(set) var interactions: Interactions
    private(set) var artists: Artists
    /// When it was read, in milliseconds since 1970.
    private(set) var time = 0
    /// Numbers of artists by a hash of their names without accents: no name stays of a locker that is gone.
    private var hashedArtists: [Int: Int32] = [:]

    private init(_ interactions: Interactions, artists: [Int32]) {
        self.interactions = interactions
        self.artists = Artists(artists, of: interactions)
    }

    /// No listeners.
    init() { self.init(Interactions(), artists: []) }

    var listenerCount: Int { accounts.count }

    /// The number of an artist; nil if no listener likes it.
    ///
    /// - Parameter name: as the catalogue orders it, without accents.
    func artist(ordered name: String) -> Int32? { hashedArtists[name.hashValue] }

    /// Takes out the accounts that are not among these, or opted in at another time, at once and for everyone.
    ///
    /// - Parameter listeners: as ``Locker/Catalogue/listeners()`` gives them.
    mutating func keep(_ listeners: [Int64: Int]) {
        for (account, time) in since where listeners[account] != time { remove(account) }
    }

    /// Takes an account out, at once and for everyone.
    mutating func remove(_ account: Int64) {
        since[account] = nil
        guard let number = accounts.removeValue(forKey: account) else { return }
        interactions.remove(number)
        artists.remove(number)
    }

    /// Reads likings in the order in which the catalogue gives them.
    struct Builder: ~Copyable {
        /// The most recordings that are kept of an account, those it likes most.
        static let mostOfAccount = 500

        private let time: Int
        private let listeners: [Int64: Int]
        private var accounts: [Int64: Int32] = [:]
        private var items: [Int64: Int32] = [:]
        private var recordings: [Int64] = []
        private var artists: [Int32] = []
        private var artistNumbers: [String: Int32] = [:]
        private var rows = InteractionsBuilder(perAccount: Self.mostOfAccount)

        /// - Parameters:
        ///   - listeners: the accounts whose likings are taken, as ``Locker/Catalogue/listeners()`` gives them.
        ///   - time: to which weights fade, in milliseconds since 1970.
        init(of listeners: [Int64: Int], at time: Int) { (self.listeners, self.time) = (listeners, time) }

        mutating func append(_ taste: RecordingTaste) {
            guard accounts.count < Int(Interactions.mostNumbers), recordings.count < Int(Interactions.mostNumbers),
                listeners[taste.account] != nil
            else { return }
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
            let (listeners, known) = (listeners, accounts)
            var likes = Likes(rows.finish(), artists: artists)
            (likes.accounts, likes.items, likes.recordings, likes.time) = (accounts, items, recordings, time)
            likes.since = listeners.filter { known[$0.key] != nil }
            likes.hashedArtists = Dictionary(
                artistNumbers.map { (OwnTrack.withoutAccents($0.key).hashValue, $0.value) }, uniquingKeysWith: min)
            return likes
        }
    }
}
