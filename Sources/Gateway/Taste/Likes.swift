import Locker
import Taste

/// What the listeners of all lockers like, by recording, as it was when it was read.
struct Likes: Sendable {
    /// Numbers of accounts in ``interactions``.
    private(set) var accounts: [Int64: Int32] = [:]
    /// The number that the catalogue gives each: another account may get the id of one that is gone.
    private var signs: [Int64: Int] = [:]
    /// The recording of each number.
    private(set) var recordings: [Int64] = []
    /// The numbers in the order of their recordings.
    private var order: [Int32] = []
    /// Without weights.
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

    /// The number of a recording; nil if no listener liked it.
    func item(of recording: Int64) -> Int32? {
        var (low, high) = (0, order.count)
        while low < high {
            let middle = (low + high) / 2
            if recordings[Int(order[middle])] < recording { low = middle + 1 } else { high = middle }
        }
        return low < order.count && recordings[Int(order[low])] == recording ? order[low] : nil
    }

    /// The number of an artist; nil if no listener likes it.
    ///
    /// - Parameter name: as the catalogue orders it, without accents.
    func artist(ordered name: String) -> Int32? { hashedArtists[name.hashValue] }

    /// Takes out the accounts that are not among these, or have another number, at once and for everyone.
    ///
    /// - Parameter listeners: as ``Locker/Catalogue/listeners()`` gives them.
    mutating func keep(_ listeners: [Int64: Int]) {
        for (account, sign) in signs where listeners[account] != sign { remove(account) }
    }

    /// Takes an account out, at once and for everyone.
    mutating func remove(_ account: Int64) {
        signs[account] = nil
        guard let number = accounts.removeValue(forKey: account) else { return }
        interactions.remove(number)
        artists.remove(number)
    }

    /// Makes it of likings in the order in which the catalogue gives them: account by account.
    struct Builder: ~Copyable {
        /// The most recordings that are kept of an account, those it likes most.
        static let mostOfAccount = 500

        private let time: Int
        private let listeners: [Int64: Int]
        private var accounts: [Int64: Int32] = [:]
        /// The account whose likings are being read; without a number if it is no listener.
        private var current: (account: Int64, number: Int32?)?
        private var items: [Int64: Int32] = [:]
        private var recordings: [Int64] = []
        private var artists: [Int32] = []
        private var artistNumbers: [String: Int32] = [:]
        private var rows: InteractionsBuilder

        /// - Parameters:
        ///   - listeners: the accounts whose likings are taken, as ``Locker/Catalogue/listeners()`` gives them.
        ///   - time: to which weights fade, in milliseconds since 1970.
        init(of listeners: [Int64: Int], at time: Int) {
            (self.listeners, self.time) = (listeners, time)
            rows = InteractionsBuilder(perAccount: Self.mostOfAccount, accounts: listeners.count, keepsWeights: false)
        }

        mutating func append(_ taste: RecordingTaste) {
            if current?.account != taste.account { current = (taste.account, number(of: taste.account)) }
            guard let account = current?.number, recordings.count < Int(Interactions.mostNumbers) else { return }
            let item = items[taste.recording] ?? Int32(recordings.count)
            if Int(item) == recordings.count {
                items[taste.recording] = item
                recordings.append(taste.recording)
                artists.append(-1)
            }
            let weight = Decay.taste.weight(taste.weight, from: Int64(taste.at), to: Int64(time))
            rows.append(Preference(account: account, item: item, weight: Float(weight)))
        }

        private mutating func number(of account: Int64) -> Int32? {
            guard listeners[account] != nil, accounts.count < Int(Interactions.mostNumbers) else { return nil }
            let number = accounts[account] ?? Int32(accounts.count)
            accounts[account] = number
            return number
        }

        /// Gives a recording its artist, by the name that the catalogue orders it by. Tracks without an artist have none in common.
        mutating func append(artist name: String, of recording: Int64) {
            guard let item = items[recording], !name.isEmpty else { return }
            let number = artistNumbers[name] ?? Int32(artistNumbers.count)
            artistNumbers[name] = number
            artists[Int(item)] = number
        }

        consuming func finish() -> Likes {
            let (listeners, known) = (listeners, accounts)
            var likes = Likes(rows.finish(), artists: artists)
            (likes.accounts, likes.recordings, likes.time) = (accounts, recordings, time)
            likes.order = likes.recordings.indices.sorted { [recordings = likes.recordings] in recordings[$0] < recordings[$1] }
                .map { Int32($0) }
            likes.signs = listeners.filter { known[$0.key] != nil }
            likes.hashedArtists = Dictionary(
                artistNumbers.map { (OwnTrack.withoutAccents($0.key).hashValue, $0.value) }, uniquingKeysWith: min)
            return likes
        }
    }
}
