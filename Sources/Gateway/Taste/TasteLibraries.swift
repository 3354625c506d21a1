import Locker

/// The libraries that were asked for last.
struct TasteLibraries {
    private struct Kept {
        var library: TasteLibrary
        var stamp: TasteStamp
        var used: ContinuousClock.Instant
    }

    /// Accounts whose libraries are kept, as long as they do not have too many tracks in all; that of the latest is kept however large.
    private static let most = 8
    private static let mostTracks = 200_000
    private static let longestRest = Duration.seconds(60 * 60)

    /// How often libraries were dropped because something was erased.
    private(set) var drops = 0
    private var kept: [Int64: Kept] = [:]

    var isEmpty: Bool { kept.isEmpty }

    /// An account's library as it was when the catalogue said this of it.
    mutating func use(_ account: Int64) -> (library: TasteLibrary, stamp: TasteStamp)? {
        kept[account]?.used = .now
        return kept[account].map { ($0.library, $0.stamp) }
    }

    /// - Parameter drops: the value of ``drops`` before the library was read. It is not kept if anything was dropped meanwhile.
    mutating func keep(_ library: TasteLibrary, _ stamp: TasteStamp, of account: Int64, since drops: Int) {
        guard drops == self.drops else { return }
        kept[account] = Kept(library: library, stamp: stamp, used: .now)
        func isTooMuch() -> Bool {
            kept.count > Self.most || kept.values.reduce(0) { $0 + $1.library.own.tracks.count } > Self.mostTracks
        }
        while kept.count > 1, isTooMuch(), let oldest = kept.min(by: { $0.value.used < $1.value.used }) { kept[oldest.key] = nil }
    }

    /// - Parameter account: nil for all.
    mutating func drop(_ account: Int64?) {
        drops += 1
        if let account { kept[account] = nil } else { kept = [:] }
    }

    mutating func dropUnused() { kept = kept.filter { ContinuousClock.now - $0.value.used < Self.longestRest } }
}
