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

    /// The list of today.
    func today(for account: Int64, limit: Int) async throws -> SuggestedList {
        let now = Int(Date.now.timeIntervalSince1970 * 1000)
        var list = SuggestedList(isEnabled: false, day: CalendarSpan(minutesAhead: 0).day(of: now))
        guard try await catalogue.taste(account: account)?.isOn == true else { return list }
        list.isEnabled = true
        let (view, sound) = try await view(of: account, now: now, isOthers: true, withSound: true)
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
        let now = Int(Date.now.timeIntervalSince1970 * 1000)
        let (view, sound) = try await view(of: account, now: now, isOthers: false, withSound: true)
        var playlist: [String] = []
        if case .playlist(let id) = seed {
            guard let page = try await catalogue.tracks(ofPlaylist: id, account: account, limit: 500) else { return nil }
            playlist = page.items.map(\.id)
        }
        let start = view.library.numbers(of: seed, playlist: playlist)
        if start.isEmpty, playlist.isEmpty {
            if case .playlist = seed { return [] }
            return nil
        }
        let own = start
        let picks = try await board.work { view.radio(from: own, count: limit, sound: sound) }
        var items = try await items(of: picks, view).compactMap { item in item.track.map { (track: $0, reasons: item.reasons) } }
        if case .track(let id) = seed, let first = try await catalogue.track(id: id, account: account) {
            items.insert((track: first, reasons: []), at: 0)
        }
        return Array(items.prefix(limit))
    }

    /// The tracks from one to another, both among them; empty if there is no way, nil if one of them does not exist.
    func path(from start: String, to end: String, for account: Int64) async throws -> [Locker.Track]? {
        let now = Int(Date.now.timeIntervalSince1970 * 1000)
        let (view, sound) = try await view(of: account, now: now, isOthers: false, withSound: true)
        guard let first = view.library.numbers[start], let last = view.library.numbers[end] else { return nil }
        let path = try await board.work { view.path(from: first, to: last, sound: sound) }
        return try await catalogue.tracks(ids: (path ?? []).map { view.library.tracks[Int($0)].id }, account: account)
    }

    /// Tracks of the account that sound like one of them, the nearest first, with their mutual proximity from 0 to 1; nil if the
    /// track does not exist.
    func alike(_ id: String, for account: Int64, limit: Int) async throws -> [(id: String, proximity: Double)]? {
        let (library, sound) = try await board.library(of: account, withSound: true)
        guard let number = library.numbers[id] else { return nil }
        guard let sound else { return [] }
        let near = try await board.work { sound.nearest(to: number, count: limit, sameArtist: true) }
        return near.map { (id: library.tracks[Int($0.item)].id, proximity: Double($0.score)) }
    }

    /// The tracks from one to another with their proximity to the first; empty if there is no way, nil if one does not exist.
    func soundPath(
        from start: String, to end: String, for account: Int64, longest: Int
    ) async throws -> [(id: String, proximity: Double)]? {
        let (view, sound) = try await view(
            of: account, now: Int(Date.now.timeIntervalSince1970 * 1000), isOthers: false, withSound: true)
        guard let first = view.library.numbers[start], let last = view.library.numbers[end] else { return nil }
        let path = try await board.work { view.path(from: first, to: last, longest: longest, sound: sound) } ?? []
        return path.map { number in
            let proximity = number == first ? 1 : Double(sound?.proximity(first, number) ?? 0)
            return (id: view.library.tracks[Int(number)].id, proximity: proximity)
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

    private func view(
        of account: Int64, now: Int, isOthers: Bool, withSound: Bool
    ) async throws -> (ListenerView, SoundSpace?) {
        let (library, sound) = try await board.library(of: account, withSound: withSound)
        let hidden = try await catalogue.hidden(account: account)
        let weights = try await catalogue.tasteRows(account: account).compactMap { row -> Seed? in
            guard row.weight > 0, let number = library.numbers[row.track] else { return nil }
            let weight = Decay.taste.weight(row.weight, from: Int64(row.at), to: Int64(now))
            return Seed(item: number, weight: Float(weight))
        }
        let date = CalendarSpan(minutesAhead: 0).date(of: now)
        let likes = isOthers ? board.likes(of: try await catalogue.listeners()) : Likes()
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
        var items: [SuggestedItem] = []
        for pick in picks {
            let reasons = pick.because.map { number in
                let track = view.library.tracks[Int(number)]
                return SuggestionReason(kind: pick.kind, id: track.id, title: track.title)
            }
            switch pick.item {
            case .own(let number):
                let id = view.library.tracks[Int(number)].id
                guard let track = try await catalogue.track(id: id, account: view.account) else { continue }
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
