import Taste
import Testing

@testable import Gateway
@testable import Locker

@Suite("What one account is suggested of what all like")
struct ListenerViewTests {
    private static let now = 1_790_000_000_000
    private static let day = 86_400_000

    private static func listeners(_ accounts: ClosedRange<Int64>) -> [Int64: Int] {
        Dictionary(uniqueKeysWithValues: accounts.map { ($0, Int($0)) })
    }

    /// Accounts 1 to `count` like recordings 1, 2 and 3; account 2 likes 9 too, which nobody else has.
    private static func likes(_ count: Int64) -> Likes {
        var builder = Likes.Builder(of: listeners(1...count), at: now)
        for account in 1...count {
            var recordings: [Int64] = [1, 2, 3]
            if account == 2 { recordings.append(9) }
            for recording in recordings {
                builder.append(RecordingTaste(account: account, recording: recording, weight: 1, at: now))
            }
            for recording in recordings { builder.append(artist: "artist \(recording)", of: recording) }
        }
        return builder.finish()
    }

    private static func track(
        _ id: String, recording: Int64?, played: Int = 0, artist: String = "x", genres: [String] = []
    ) -> OwnTrack {
        OwnTrack(
            id: id, recording: recording, artist: artist, artistID: artist, albumID: id, genres: genres, duration: 200,
            played: played, title: id)
    }

    private func view(
        _ likes: Likes, _ tracks: [OwnTrack], hidden: Set<Int64> = [], plays: [(at: Int, track: String)] = []
    ) -> ListenerView {
        ListenerView(
            account: 1, library: OwnLibrary(tracks, plays: plays), weights: tracks.indices.map { Seed(item: Int32($0)) },
            likes: likes, hiddenTracks: [], hiddenRecordings: hidden, now: Self.now, date: (month: 9, day: 21))
    }

    private func others(_ view: ListenerView) -> (own: [ListenerView.Pick], new: [ListenerView.Pick]) {
        let picks = view.othersPicks(10)
        return (view.explained(picks.own), view.explained(picks.new))
    }

    private static let own = [track("a", recording: 1, artist: "A"), track("b", recording: 2, artist: "B")]

    @Test("What others who like the same like is suggested, with what led to it, and nothing that one other has alone")
    func new() throws {
        let picks = others(view(Self.likes(60), Self.own)).new
        #expect(picks.map(\.item) == [.new(3)])
        #expect(Set(try #require(picks.first).because) == [0, 1])
    }

    @Test("What only its artist speaks for has artists as reasons, and what nothing speaks for is not suggested")
    func artistReasons() throws {
        var builder = Likes.Builder(of: Self.listeners(1...60), at: Self.now)
        // One other likes what the account has; all like something of artists A and B.
        for account in 1...60 as ClosedRange<Int64> {
            let own: [(Int64, String)] = account > 2 ? [(12 + account % 10, "A")] : [(11, "A")]
            for (recording, artist) in own + (account > 1 ? [(30 + account % 6, "B")] : []) {
                builder.append(RecordingTaste(account: account, recording: recording, weight: 1, at: Self.now))
                builder.append(artist: artist, of: recording)
            }
        }
        let view = view(builder.finish(), [Self.track("own", recording: 11, artist: "A")])
        let picks = others(view).new
        #expect(picks.contains { if case .new(30...35) = $0.item { true } else { false } })
        #expect(picks.allSatisfy { $0.kind == .artist && $0.because == [0] })
        #expect(view.explained([ListenerView.Pick(item: .new(777), because: [], kind: .track)]).isEmpty)
    }

    @Test("Fewer than fifty listeners say nothing of each other")
    func few() {
        let picks = view(Self.likes(49), Self.own).othersPicks(10)
        #expect(picks.new.isEmpty && picks.own.isEmpty)
    }

    @Test("What is hidden is not suggested, in any encode")
    func hidden() {
        #expect(view(Self.likes(60), Self.own, hidden: [3]).othersPicks(10).new.isEmpty)
        #expect(view(Self.likes(60), Self.own, hidden: [1]).othersPicks(10).own.map(\.item) == [.own(1)])
    }

    @Test("Own tracks come back when they have rested for two weeks")
    func rest() {
        let tracks = [Self.track("a", recording: 1, played: Self.now - Self.day, artist: "A"), Self.own[1]]
        #expect(view(Self.likes(60), tracks).othersPicks(10).own.map(\.item) == [.own(1)])
    }

    @Test("An account that opts out is gone from what others are told, at once")
    func optOut() {
        var likes = Self.likes(60)
        likes.keep(Self.listeners(1...4))
        #expect(likes.listenerCount == 4 && likes.interactions.accounts(of: 2).count == 4)
        #expect(likes.artists.interactions.accounts(of: 2).count == 4)
        // Another account with the id of one that is gone, or one that opted out and in again.
        likes.keep([1: 1, 2: 2, 3: 3, 4: 99])
        #expect(likes.accounts[4] == nil && likes.listenerCount == 3 && likes.interactions.accounts(of: 2).count == 3)
        likes.keep([:])
        #expect(likes.listenerCount == 0 && likes.interactions.accountCount(of: 0) == 0)
        #expect(likes.artists.interactions.accountCount(of: 0) == 0)
    }

    @Test("A radio plays what was heard together, not what was not, and never its start again")
    func radio() {
        let tracks = ["a", "b", "c"].map { Self.track($0, recording: nil, artist: $0) }
        let plays = [(at: 0, track: "a"), (at: 60_000, track: "b"), (at: 9_000_000, track: "c")]
        let picks = view(Likes(), tracks, plays: plays).radio(from: [0], count: 10, sound: nil)
        #expect(picks.map(\.item) == [.own(1)] && picks.first?.kind == .session && picks.first?.because == [0])
    }

    @Test("A radio of a genre plays all of the genre and nothing else, in another order each day; what is hidden is not in it")
    func genre() {
        let tracks = (0..<40).map {
            Self.track("\($0)", recording: Int64($0), artist: "\($0)", genres: [$0 < 30 ? "Folk" : "Noise"])
        }
        func radio(_ view: ListenerView, _ count: Int = 40) -> [ListenerView.Pick.Item] {
            view.radio(ofGenre: view.library.numbers(of: .genre("folk"), playlist: []), count: count, sound: nil).map(\.item)
        }
        let view = view(Likes(), tracks)
        let all = radio(view)
        // A few lead to the others: the first of them is played.
        #expect(all.count == 24 && Set(all).count == 24 && Set(all).isSubset(of: (0..<30).map { .own($0) }))
        #expect(radio(view) == all && radio(view, 2) != [.own(0), .own(1)] && radio(view, 0).isEmpty)
        let days = (0..<9).map { day in
            radio(
                ListenerView(
                    account: 1, library: view.library, weights: [], likes: Likes(), hiddenTracks: [4], hiddenRecordings: [5],
                    now: Self.now + day * Self.day, date: (month: 9, day: 21)))
        }
        #expect(Set(days.map(\.first)).count > 3 && days.allSatisfy { !$0.contains(.own(4)) && !$0.contains(.own(5)) })
        #expect(radio(self.view(Likes(), [tracks[0]])) == [.own(0)])
    }

    @Test("What is hidden leads nowhere: it is no seed of lists, radios and paths")
    func hiddenSeeds() throws {
        // Only the first track has listeners in common with recording 3.
        let picks = view(Self.likes(60), [Self.own[0], Self.track("z", recording: nil)], hidden: [1]).othersPicks(10)
        #expect(picks.new.isEmpty && picks.own.isEmpty)
        let tracks = ["a", "b", "c"].map { Self.track($0, recording: $0 == "b" ? 2 : nil, artist: $0) }
        let plays = [
            (at: Self.now - 60_000, track: "b"), (at: 0, track: "a"), (at: 1, track: "b"), (at: 9_000_000, track: "b"),
            (at: 9_000_001, track: "c")
        ]
        let shown = view(Likes(), tracks, plays: plays).libraryPicks(9, sound: nil)
        #expect(shown.contains { $0.because == [1] })
        let hidden = view(Likes(), tracks, hidden: [2], plays: plays)
        #expect(hidden.libraryPicks(9, sound: nil).allSatisfy { $0.item != .own(1) && !$0.because.contains(1) })
        // It was asked for.
        #expect(hidden.radio(from: [1], count: 9, sound: nil).count == 2)
        #expect(hidden.radio(from: [0, 1], count: 9, sound: nil).isEmpty)
        let library = hidden.library
        #expect(library.path(from: 0, to: 2, sound: nil) == [0, 1, 2])
        let numbers = library.numbers(ofHidden: (recordings: [2], tracks: ["c"]))
        #expect(numbers == [1, 2] && library.path(from: 0, to: 2, sound: nil, hidden: numbers) == nil)
        #expect(library.path(from: 0, to: 1, sound: nil, hidden: numbers) == [0, 1])
        #expect(library.path(from: 0, to: 2, sound: nil, until: { true }) == nil)
    }

    @Test("Encodes of one recording are one: heard when any was, named once, with the plays and the weights of all")
    func encodes() {
        let tracks = [
            Self.track("a", recording: 1, artist: "A"), Self.track("a2", recording: 1, played: Self.now - Self.day, artist: "A"),
            Self.track("b", recording: 2, artist: "B"), Self.track("b2", recording: 2, artist: "B")
        ]
        #expect(view(Self.likes(60), tracks).othersPicks(10).own.map(\.item) == [.own(2)])
        let plays = [(at: 0, track: "a2"), (at: 1, track: "b2"), (at: 9_000_000, track: "a")]
        let view = view(Likes(), tracks, plays: plays)
        #expect(view.radio(from: [0], count: 9, sound: nil).map(\.item) == [.own(2)])
        #expect(view.library.numbers(of: .playlist("p"), playlist: ["b2", "a2", "b"]) == [2, 0])
        #expect(
            view.library.path(from: 1, to: 3, sound: nil) == [1, 3] && view.library.path(from: 0, to: 1, sound: nil) == [0, 1])
        let rows = [("a", 1.0), ("a2", 2.0), ("b", 4.0), ("none", 9.0), ("b2", -1.0)].map {
            TasteRow(account: 1, track: $0.0, weight: $0.1, at: Self.now)
        }
        #expect(view.library.weights(of: rows) == [Seed(item: 2, weight: 4), Seed(item: 0, weight: 3)])
    }

    @Test("What others have keeps to the season, to songs and to one of an album, by the name that they agree on")
    func fitting() {
        let view = view(Self.likes(60), [])
        let names: [(title: String, album: String, genre: String, seconds: Int)] = [
            ("One", "Album", "Rock", 200), ("Two", "Album", "Rock", 200), ("Last Christmas", "", "Pop", 200),
            ("Silent Night", "", "Christmas", 200), ("Mix", "", "Techno", 7200), ("Skit", "", "Rap", 9), ("Three", "", "", 200)
        ]
        let picks = names.indices.map { ListenerView.Pick(item: .new(Int64(100 + $0)), because: [], kind: .track) }
        let known = Dictionary(
            uniqueKeysWithValues: zip(Int64(100)..., names).map { recording, name in
                (
                    recording,
                    CommonName(
                        title: name.title, artist: name.title, album: name.album, genres: [name.genre],
                        milliseconds: name.seconds * 1000)
                )
            })
        let list = view.fitting(picks + [ListenerView.Pick(item: .new(99), because: [], kind: .track)], named: known)
        // Albums of two artists may have one name.
        #expect(list.map(\.item) == [.new(100), .new(101), .new(106)])
        var same = known
        same[101]?.artist = "One"
        #expect(view.fitting(picks, named: same).map(\.item) == [.new(100), .new(106)])
    }

    @Test("A path goes by way of what is between")
    func path() {
        let tracks = ["a", "b", "c", "d"].map { Self.track($0, recording: nil, artist: $0) }
        let plays = [
            (at: 0, track: "a"), (at: 1, track: "b"), (at: 9_000_000, track: "b"), (at: 9_000_001, track: "c")
        ]
        let view = view(Likes(), tracks, plays: plays)
        #expect(view.library.path(from: 0, to: 2, sound: nil) == [0, 1, 2])
        #expect(view.library.path(from: 0, to: 3, sound: nil) == nil)
    }

    @Test("A library without anything suggests nothing, and does not trap")
    func empty() {
        let view = view(Likes(), [])
        #expect(view.othersPicks(5).new.isEmpty && view.othersPicks(5).own.isEmpty && view.libraryPicks(5, sound: nil).isEmpty)
        #expect(view.radio(from: [], count: 5, sound: nil).isEmpty)
    }
}
