import Locker
import Synchronization
import Taste

extension TasteBoard {
    /// Plays that sittings are made of.
    private static let mostPlays = 20_000

    /// An account's library as it is now.
    func library(of account: Int64) async throws -> TasteLibrary {
        let stamp = try await catalogue.tasteStamp(account: account)
        let (former, drops) = libraries.withLock { ($0.use(account), $0.drops) }
        if let former, former.stamp == stamp { return former.library }
        let plays = try await catalogue.latestPlays(account: account, limit: Self.mostPlays)
        let rows = try await catalogue.tasteRows(account: account)
        let library: TasteLibrary
        if let known = former?.library, former?.stamp.library == stamp.library {
            // All that has changed is what was heard. What the account has is not read again for each play.
            library = try await work {
                var library = known
                library.own.hear(plays)
                library.weights = library.own.weights(of: rows)
                return library
            }
        } else {
            let tracks = try await catalogue.ownTracks(account: account)
            let sounds = try await catalogue.ownSounds(account: account)
            library = try await work {
                let own = OwnLibrary(tracks, plays: plays)
                return TasteLibrary(
                    own: own, sound: sounds.isEmpty ? nil : own.soundSpace(of: sounds), weights: own.weights(of: rows))
            }
        }
        libraries.withLock { $0.keep(library, stamp, of: account, since: drops) }
        return library
    }
}
