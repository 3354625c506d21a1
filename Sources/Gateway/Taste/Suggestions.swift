import Crypto
import Foundation
import Locker
import Packaging
import Taste

/// Suggestions, radio and paths for accounts: reads what they are made of, and names what comes of it.
struct Suggestions: Sendable {
    /// Accounts that must agree on a name before it is shown to one that does not own the recording.
    private static let naming = 5

    let catalogue: Catalogue
    let board: TasteBoard
    /// Makes the items of recordings that an account does not own.
    let key: SymmetricKey

    /// Milliseconds since 1970.
    private var now: Int { Int(Date.now.timeIntervalSince1970 * 1000) }

    /// The list of today.
    func today(for account: Int64, limit: Int) async throws -> SuggestedList {
        let now = now
        var list = SuggestedList(isEnabled: false, day: CalendarSpan(minutesAhead: 0).day(of: now))
        guard try await catalogue.taste(account: account)?.isOn == true else { return list }
        list.isEnabled = true
        let (view, sound) = try await view(of: account, now: now, withOthers: true)
        let (others, own) = try await board.work {
            let (own, new) = view.othersPicks(limit)
            let others = Array(Self.alternating(own, new).prefix(limit))
            return (others, view.libraryPicks(limit - others.count, sound: sound))
        }
        var known: Set<ListenerView.Pick.Item> = []
        let picks = (others + own).filter { known.insert($0.item).inserted }
        list.items = try await items(of: picks, view)
        if !list.items.isEmpty { list.basis = others.isEmpty ? .library : .listeners }
        return list
    }

    /// Tracks of the account that go on from a seed, which comes first if it is a track; nil if there is no such seed.
    func radio(
        from seed: RadioSeed, for account: Int64, limit: Int
    ) async throws -> [(track: Locker.Track, reasons: [SuggestionReason])]? {
        let (view, sound) = try await view(of: account, now: now, withOthers: false)
        var playlist: [String] = []
        if case .playlist(let id) = seed {
            guard let page = try await catalogue.tracks(ofPlaylist: id, account: account, limit: 500) else { return nil }
            playlist = page.items.map(\.id)
        }
        let start = view.library.numbers(of: seed, playlist: playlist)
        if start.isEmpty {
            if case .playlist = seed { return [] }
            return nil
        }
        let picks = try await board.work { view.radio(from: start, count: limit, sound: sound) }
        var items = try await items(of: picks, view).compactMap { item in item.track.map { (track: $0, reasons: item.reasons) } }
        if case .track(let id) = seed, let first = try await catalogue.track(id: id, account: account) {
            items.insert((track: first, reasons: []), at: 0)
        }
        return Array(items.prefix(limit))
    }

    /// Tracks of the account that sound like one of them, the nearest first, with their mutual proximity from 0 to 1; nil if the
    /// track does not exist.
    func alike(_ id: String, for account: Int64, limit: Int) async throws -> [(id: String, proximity: Double)]? {
        let (library, sound) = try await board.library(of: account)
        guard let number = library.numbers[id] else { return nil }
        guard let sound else { return [] }
        let near = try await board.work { sound.nearest(to: number, count: limit, sameArtist: true) }
        return near.map { (id: library.tracks[Int($0.item)].id, proximity: Double($0.score)) }
    }

    /// The tracks from one to another, both among them, with their proximity to the first; empty if there is no way, nil if one of
    /// them does not exist.
    func path(
        from start: String, to end: String, for account: Int64, longest: Int = 25
    ) async throws -> [(id: String, proximity: Double)]? {
        let (library, sound) = try await board.library(of: account)
        guard let first = library.numbers[start], let last = library.numbers[end] else { return nil }
        let path = try await board.work { library.path(from: first, to: last, longest: longest, sound: sound) } ?? []
        return path.map { number in
            let proximity = number == first ? 1 : Double(sound?.proximity(first, number) ?? 0)
            return (id: library.tracks[Int(number)].id, proximity: proximity)
        }
    }

    /// What can be hidden: one of the account's tracks, or something that today's list names; nil if it is neither.
    func item(_ item: String, for account: Int64) async throws -> HiddenItem? {
        if let track = try await catalogue.track(id: item, account: account) {
            let recording = try await catalogue.recording(of: track.hash)
            return HiddenItem(item: item, recording: recording, title: track.title, artist: track.artist)
        }
        let list = try await today(for: account, limit: 100)
        return list.items.first { $0.item == item && $0.track == nil }.map {
            HiddenItem(item: item, recording: $0.recording, title: $0.title, artist: $0.artist)
        }
    }

    /// What suggestions for an account are made of now, and the sound of its library.
    ///
    /// - Parameter others: whether what others like counts.
    func view(
        of account: Int64, now: Int, withOthers others: Bool
    ) async throws -> (ListenerView, SoundSpace?) {
        let (library, sound) = try await board.library(of: account)
        let hidden = try await catalogue.hidden(account: account)
        let weights = try await catalogue.tasteRows(account: account).compactMap { row -> Seed? in
            guard row.weight > 0, let number = library.numbers[row.track] else { return nil }
            let weight = Decay.taste.weight(row.weight, from: Int64(row.at), to: Int64(now))
            return Seed(item: number, weight: Float(weight))
        }
        let date = CalendarSpan(minutesAhead: 0).date(of: now)
        let likes = others ? board.likes(of: try await catalogue.listeners()) : Likes()
        let view = ListenerView(
            account: account, library: library, weights: weights, likes: likes,
            hiddenTracks: Set(hidden.tracks.compactMap { library.numbers[$0] }), hiddenRecordings: hidden.recordings, now: now,
            date: date)
        return (view, sound)
    }

    private static func alternating(_ one: [ListenerView.Pick], _ other: [ListenerView.Pick]) -> [ListenerView.Pick] {
        (0..<max(one.count, other.count)).flatMap { place in
            [one, other].compactMap { place < $0.count ? $0[place] : nil }
        }
    }

    /// The picks with their names. What too few accounts agree on the name of is left out.
    private func items(of picks: [ListenerView.Pick], _ view: ListenerView) async throws -> [SuggestedItem] {
        let ids = picks.compactMap { if case .own(let number) = $0.item { view.library.tracks[Int(number)].id } else { nil } }
        let tracks = Dictionary(
            try await catalogue.tracks(ids: ids, account: view.account).map { ($0.id, $0) }
        ) { first, _ in first }
        var items: [SuggestedItem] = []
        for pick in picks {
            let reasons = pick.because.map { number in
                let track = view.library.tracks[Int(number)]
                return SuggestionReason(kind: pick.kind, id: track.id, title: track.title)
            }
            switch pick.item {
            case .own(let number):
                let id = view.library.tracks[Int(number)].id
                guard let track = tracks[id] else { continue }
                items.append(
                    SuggestedItem(
                        item: id, track: track, recording: nil, title: track.title, artist: track.artist, album: track.album,
                        reasons: reasons.isEmpty && pick.kind == .genre ? Self.genre(of: track) : reasons))
            case .new(let recording):
                guard let name = try await catalogue.commonName(ofRecording: recording, agreed: Self.naming) else { continue }
                items.append(
                    SuggestedItem(
                        item: self.name(of: recording, for: view.account), track: nil, recording: recording, title: name.title,
                        artist: name.artist, album: name.album, reasons: reasons))
            }
        }
        return items
    }

    private static func genre(of track: Locker.Track) -> [SuggestionReason] {
        track.genres.prefix(1).map { SuggestionReason(kind: .genre, id: nil, title: $0) }
    }

    /// 22 characters that say nothing about the recording, and are others for each account.
    private func name(of recording: Int64, for account: Int64) -> String {
        let code = HMAC<SHA256>.authenticationCode(for: Data("suggestion \(account) \(recording)".utf8), using: key)
        return Identifier.text(of: code)
    }
}
