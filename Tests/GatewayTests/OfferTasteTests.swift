import Locker
import Taste
import Testing

@testable import Gateway

@Suite("What an account's taste says of offers, and nothing of others") struct OfferTasteTests {
    private static let now = 1_790_000_000_000
    private static let today = now / 86_400_000

    private static func listeners(_ count: Int64) -> [Int64: Int] {
        Dictionary(uniqueKeysWithValues: (1...count).map { ($0, 0) })
    }

    /// Accounts 1 to `count` like recordings 1 and 2; those of `fans` like 3 too. Each recording has an artist of its own.
    private static func likes(_ count: Int64, fans: ClosedRange<Int64>?) -> Likes {
        var builder = Likes.Builder(of: listeners(count), at: now)
        for account in 1...count {
            for recording in [1, 2] + (fans?.contains(account) == true ? [3] : []) as [Int64] {
                builder.append(RecordingTaste(account: account, recording: recording, weight: 1, at: now))
            }
        }
        for recording in 1...3 as ClosedRange<Int64> {
            builder.append(artist: OwnTrack.key(ofArtist: "Artist \(recording)"), of: recording)
        }
        return builder.finish()
    }

    private static func track(_ id: String, _ recording: Int64?, by artist: String, genres: [String] = []) -> OwnTrack {
        OwnTrack(
            id: id, recording: recording, artist: OwnTrack.key(ofArtist: artist), artistID: artist, albumID: id, genres: genres,
            duration: 200, played: 0, title: id)
    }

    private static let own = [
        track("a", 1, by: "Artist 1", genres: ["Rock", "Pop"]), track("b", 2, by: "Artist 2", genres: ["rock"])
    ]

    private func view(
        _ likes: Likes, _ tracks: [OwnTrack] = own, weights: [Float] = [4, 1], hidden: Set<Int32> = [], account: Int64 = 1
    ) -> ListenerView {
        ListenerView(
            account: account, library: OwnLibrary(tracks, plays: []),
            weights: zip(tracks.indices, weights).map { Seed(item: Int32($0), weight: $1) }, likes: likes, hiddenTracks: hidden,
            hiddenRecordings: [], now: Self.now, date: (month: 9, day: 21))
    }

    private func offer(_ artist: String) -> Offer {
        Offer(id: "o", kind: .music, title: "T", url: "https://a.example/", artists: [artist])
    }

    private func pick(_ offer: Offer, _ view: ListenerView) -> OfferPick? {
        let taste = view.offerTaste(ofArtists: Set(offer.traits.artists.joined()))
        return OfferRules().pick(from: [offer.traits], for: taste, after: OfferHistory(), on: Self.today)
    }

    @Test("Artists count by all their tracks beside the best liked one, genres by their share; what is hidden does not")
    func shares() {
        let taste = view(Likes()).offerTaste(ofArtists: [])
        #expect(taste.artists == [OwnTrack.key(ofArtist: "artist 1"): 1, OwnTrack.key(ofArtist: "artist 2"): 0.25])
        #expect(taste.tags == [OwnTrack.key(ofGenre: "ROCK"): 1, OwnTrack.key(ofGenre: "pop"): 0.8])
        #expect(view(Likes(), hidden: [0]).offerTaste(ofArtists: []).artists.count == 1)
        #expect(view(Likes(), [], weights: []).offerTaste(ofArtists: ["x"]) == OfferTaste())
    }

    @Test("An artist is a reason when fifty listeners take part and five others like it, and then no name is in the reason")
    func others() throws {
        let named = offer("Artist 3")
        #expect(pick(named, view(Self.likes(60, fans: 2...6)))?.reason == .taste)
        // One fewer, or the account itself among the five: what few like is shown to nobody else.
        #expect(pick(named, view(Self.likes(60, fans: 2...5))) == nil)
        #expect(pick(named, view(Self.likes(60, fans: 1...5))) == nil)
        #expect(pick(named, view(Self.likes(49, fans: 2...40))) == nil)
        let document = OfferDocument(named, .taste)
        #expect(document.reason.kind == "taste" && document.reason.name == nil)
    }

    @Test("Whether one listener likes something makes no difference to another's offers (an account could be read like that)")
    func membership() {
        let named = offer("Artist 3")
        // Account 60 joins or leaves 0 to 4 fans; nothing changes for account 1.
        for fans in 0...3 as ClosedRange<Int64> {
            let without = fans == 0 ? nil : 2...(1 + fans)
            let with = 2...(2 + fans)
            #expect(pick(named, view(Self.likes(60, fans: without))) == pick(named, view(Self.likes(60, fans: with))))
        }
        var likes = Self.likes(60, fans: 2...6)
        likes.keep(Self.listeners(60).filter { $0.key != 6 })
        #expect(pick(named, view(likes)) == nil, "an account that opted out still speaks")
    }

    @Test("Names in a reason are the feed's, never a library's")
    func names() {
        var tracks = Self.own
        tracks[0].genres = ["Rock", "secret genre"]
        let offer = Offer(
            id: "o", kind: .film, title: "T", url: "https://a.example/", artists: ["ARTIST 9", "ärtist 1"], tags: ["Röck"])
        let picked = pick(offer, view(Likes(), tracks))
        #expect(picked?.reason == .artist(1))
        #expect(picked.map { OfferDocument(offer, $0.reason).reason.name } == "ärtist 1")
        let film = Offer(id: "o", kind: .film, title: "T", url: "https://a.example/", tags: ["Drama", "Röck"])
        #expect(pick(film, view(Likes(), tracks)).map { OfferDocument(film, $0.reason).reason.name } == "Röck")
    }

    @Test("An artist whose sort name others' tags have is found, and no artist's name stays in what is kept of others")
    func hashed() {
        var builder = Likes.Builder(of: Self.listeners(60), at: Self.now)
        for account in 1...60 as ClosedRange<Int64> {
            for recording in 1...3 as ClosedRange<Int64> {
                builder.append(RecordingTaste(account: account, recording: recording, weight: 1, at: Self.now))
            }
        }
        for (recording, name) in zip(Int64(1)..., ["Artist 1", "Artist 2", "Bowie, David"]) {
            builder.append(artist: OwnTrack.key(ofArtist: name), of: recording)
        }
        let likes = builder.finish()
        #expect(pick(offer("David Bowie"), view(likes))?.reason == .taste)
        var text = ""
        dump(likes, to: &text)
        #expect(!text.contains(OwnTrack.key(ofArtist: "bowie")) && !text.contains("owie"))
    }
}
