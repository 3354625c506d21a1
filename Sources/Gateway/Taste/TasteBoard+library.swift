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
        let tracks = try await catalogue.ownTracks(account: account)
        let plays = try await catalogue.latestPlays(account: account, limit: Self.mostPlays)
        let rows = try await catalogue.tasteRows(account: account)
        let (own, weights, hasSameTracks) = try await work {
            let own = OwnLibrary(tracks, plays: plays)
            return (own, own.weights(of: rows), former?.library.own.hasSameTracks(as: own) == true)
        }
        var sound = former?.library.sound
        // Numbers in the former sound are those of the former tracks, which may have changed since the stamp was read.
        if former?.stamp.changed != stamp.changed || !hasSameTracks {
            let sounds = try await catalogue.ownSounds(account: account)
            sound = sounds.isEmpty ? nil : try await work { own.soundSpace(of: sounds) }
        }
        let library = TasteLibrary(own: own, sound: sound, weights: weights)
        libraries.withLock { $0.keep(library, stamp, of: account, since: drops) }
        return library
    }
}
