/// Counts what the owners of a recording call it.
struct NameTally {
    /// What one owner calls it.
    struct Vote {
        var title: String
        var artist: String
        var album: String
        /// As the column has them.
        var genres: String
        var milliseconds: Int
        var account: Int64
    }

    fileprivate struct Votes {
        var first: Vote
        var accounts: Set<Int64> = []
        var albums: [String: Set<Int64>] = [:]
    }

    /// Tracks that are asked for what they are called.
    static let most = 500
    /// Accounts of one mind after whom no more are asked.
    private static let enough = 20

    /// By title and artist.
    private var votes: [[String]: Votes] = [:]
    /// Accounts that must agree.
    private let agreed: Int

    init(agreed: Int) { self.agreed = agreed }

    /// - Returns: whether more owners need to be asked.
    mutating func add(_ vote: Vote) -> Bool {
        let accounts = votes[[vote.title, vote.artist], default: Votes(first: vote)].add(vote)
        return accounts < max(Self.enough, agreed)
    }

    /// What most agree on; nil if too few do.
    func name() throws -> CommonName? {
        guard let name = best(votes.mapValues(\.accounts)), let votes = votes[name] else { return nil }
        let album = best(Dictionary(uniqueKeysWithValues: votes.albums.map { ([$0], $1) }))
        return CommonName(
            title: name[0], artist: name[1], album: album?[0] ?? "", genres: try Track.list(votes.first.genres),
            milliseconds: votes.first.milliseconds)
    }

    /// The text of most accounts, of several the first; nil if too few agree on it.
    private func best(_ accounts: [[String]: Set<Int64>]) -> [String]? {
        let best = accounts.min { one, other in
            one.value.count != other.value.count
                ? one.value.count > other.value.count : one.key.lexicographicallyPrecedes(other.key)
        }
        return best.flatMap { $0.value.count >= agreed ? $0.key : nil }
    }
}

extension NameTally.Votes {
    /// - Returns: how many accounts it is of.
    fileprivate mutating func add(_ vote: NameTally.Vote) -> Int {
        albums[vote.album, default: []].insert(vote.account)
        accounts.insert(vote.account)
        return accounts.count
    }
}
