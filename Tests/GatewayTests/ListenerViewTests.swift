import Locker
import Taste
import Testing

@testable import Gateway

@Suite("What one account is suggested of what all like")
struct ListenerViewTests {
    private static let now = 1_790_000_000_000
    private static let day = 86_400_000

    /// Accounts 1 to `count` like recordings 1, 2 and 3; account 2 likes 9 too, which nobody else has.
    private static func likes(_ count: Int64) -> Likes {
        var builder = Likes.Builder(at: now)
        for account in 1...count {
            var recordings: [Int64] = [1, 2, 3]
            if account == 2 { recordings.append(9) }
            for recording in recordings {
                builder.append(RecordingTaste(account: account, recording: recording, weight: 1, at: now))
            }
            builder.append(artists: builder.withoutArtists.map { "artist \($0)" })
        }
        return builder.finish()
    }

    private static func track(_ id: String, recording: Int64?, played: Int = 0, artist: String = "x") -> OwnTrack {
        OwnTrack(
            id: id, recording: recording, artist: artist, artistID: artist, albumID: id, genres: [], duration: 200,
            played: played, title: id)
    }

    private func view(
        _ likes: Likes, _ tracks: [OwnTrack], hidden: Set<Int64> = [], plays: [(at: Int, track: String)] = []
    ) -> ListenerView {
        ListenerView(
            account: 1, library: OwnLibrary(tracks, plays: plays), weights: tracks.indices.map { Seed(item: Int32($0)) },
            likes: likes, hiddenTracks: [], hiddenRecordings: hidden, now: Self.now, date: (month: 9, day: 21))
    }

    private static let own = [track("a", recording: 1, artist: "A"), track("b", recording: 2, artist: "B")]

    @Test("What others who like the same like is suggested, with what led to it, and nothing that one other has alone")
    func new() throws {
        let picks = view(Self.likes(60), Self.own).othersPicks(10).new
        #expect(picks.map(\.item) == [.new(3)])
        #expect(Set(try #require(picks.first).because) == [0, 1])
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
        likes.keep(Set(1...4))
        #expect(likes.listenerCount == 4 && likes.interactions.accounts(of: 2).count == 4)
        likes.keep([])
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
