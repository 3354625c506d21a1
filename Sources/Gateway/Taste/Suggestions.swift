import Crypto
import Foundation
import HTTPTypes
import Locker
import Packaging
import Taste

/// Suggestions, radio and paths for accounts: reads what they are made of, and names what comes of it.
struct Suggestions: Sendable {
    /// For the way from one track to another: nothing else is suggested to anyone meanwhile.
    private static let longestSearch = Duration.milliseconds(500)

    let catalogue: Catalogue
    let board: TasteBoard
    /// Makes the items of recordings that an account does not own.
    let key: SymmetricKey

    /// The list of today.
    func today(for account: Int64, limit: Int) async throws -> SuggestedList {
        let now = catalogue.time
        var list = SuggestedList(isEnabled: false, day: CalendarSpan(minutesAhead: 0).day(of: now))
        guard try await catalogue.tasteStamp(account: account).since != nil else { return list }
        list.isEnabled = true
        let (view, sound) = try await view(of: account, now: now, withOthers: true)
        let (own, new, time) = try await board.ask { likes in
            let picks = view.among(likes).othersPicks(limit)
            return (picks.own, picks.new, likes.time)
        }
        let names = try await names(
            of: new.compactMap { if case .new(let recording) = $0.item { recording } else { nil } }, at: time)
        let (others, rest) = try await board.ask { likes in
            let view = view.among(likes)
            let others = view.explained(Array(Self.alternating(own, view.fitting(new, named: names)).prefix(limit)))
            return (others, view.libraryPicks(limit - others.count, sound: sound))
        }
        var known: Set<ListenerView.Pick.Item> = []
        let picks = (others + rest).filter { known.insert($0.item).inserted }
        list.items = try await items(of: picks, view, names)
        if !list.items.isEmpty { list.basis = others.isEmpty ? .library : .listeners }
        return list
    }

    /// Tracks of the account that go on from a seed, which comes first if it is a track; nil if there is no such seed.
    func radio(
        from seed: RadioSeed, for account: Int64, limit: Int
    ) async throws -> [(track: Locker.Track, reasons: [SuggestionReason])]? {
        let (view, sound) = try await view(of: account, now: catalogue.time, withOthers: false)
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
        let picks = try await board.work {
            if case .genre = seed { return view.radio(ofGenre: start, count: limit, sound: sound) }
            return view.radio(from: start, count: limit, sound: sound)
        }
        var items = try await items(of: picks, view).compactMap { item in item.track.map { (track: $0, reasons: item.reasons) } }
        if case .track(let id) = seed, let first = try await catalogue.track(id: id, account: account) {
            items.insert((track: first, reasons: []), at: 0)
        }
        return Array(items.prefix(limit))
    }

    /// Tracks of the account that sound like one of them, the nearest first, with their mutual proximity from 0 to 1; nil if the
    /// track does not exist.
    func alike(_ id: String, for account: Int64, limit: Int) async throws -> [(id: String, proximity: Double)]? {
        let library = try await board.library(of: account)
        guard let number = library.own.numbers[id] else { return nil }
        guard let sound = library.sound else { return [] }
        let hidden = library.own.numbers(ofHidden: try await catalogue.hidden(account: account))
        let near = try await board.work { [own = library.own] in
            sound.nearest(to: number, count: limit, sameArtist: true) { other in
                own.isFirst(other) && other != own.first(of: number) && !hidden.contains(other)
            }
        }
        return near.map { (id: library.own.tracks[Int($0.item)].id, proximity: Double($0.score)) }
    }

    /// The tracks from one to another, both among them, with their proximity to the first; empty if there is no way, nil if one of
    /// them does not exist.
    ///
    /// - Throws: ``Problem`` if another path of the account is being looked for.
    func path(
        from start: String, to end: String, for account: Int64, longest: Int = 25
    ) async throws -> [(id: String, proximity: Double)]? {
        let library = try await board.library(of: account)
        let (own, sound) = (library.own, library.sound)
        guard let first = own.numbers[start], let last = own.numbers[end] else { return nil }
        let hidden = own.numbers(ofHidden: try await catalogue.hidden(account: account))
        let path = try await board.seek(for: account, atMost: Self.longestSearch) { _, isOver in
            own.path(from: first, to: last, longest: longest, sound: sound, hidden: hidden, until: isOver) ?? []
        }
        guard let path else { throw Self.busy }
        return path.map { number in
            let proximity = number == first ? 1 : Double(sound?.proximity(first, number) ?? 0)
            return (id: own.tracks[Int(number)].id, proximity: proximity)
        }
    }

    /// The account's tracks that are not to be suggested, in any encode.
    func hiddenTracks(of account: Int64) async throws -> Set<String> {
        let hidden = try await catalogue.hidden(account: account)
        if hidden.recordings.isEmpty { return hidden.tracks }
        let own = try await board.library(of: account).own
        return Set(own.numbers(ofHidden: hidden).map { own.tracks[Int($0)].id })
    }

    private static let busy = Problem(
        status: .serviceUnavailable, slug: .busy, detail: "another search of this account is under way",
        headers: [.retryAfter: "1"])

    /// What can be hidden: one of the account's tracks, or a recording that suggestions may name to it; nil if it is neither.
    ///
    /// - Throws: ``Problem`` if another search of the account is under way, or this one takes too long.
    func item(_ item: String, for account: Int64) async throws -> HiddenItem? {
        if let track = try await catalogue.track(id: item, account: account) {
            let recording = try await catalogue.recording(of: track.hash)
            return HiddenItem(item: item, recording: recording, title: track.title, artist: track.artist)
        }
        guard Identifier.isOne(item), try await catalogue.tasteStamp(account: account).since != nil else { return nil }
        let (view, _) = try await view(of: account, now: catalogue.time, withOthers: true)
        // Each recording's id is worked out anew: they are kept nowhere.
        let search = try await board.seek(for: account, atMost: Self.longestSearch) { likes, isOver in
            let found = view.among(likes).named(until: isOver) { name(of: $0, for: account) == item }
            return (recording: found, isOver: found == nil && isOver(), time: likes.time)
        }
        guard let search, !search.isOver else { throw Self.busy }
        guard let found = search.recording, let name = try await names(of: [found], at: search.time)[found] else { return nil }
        return HiddenItem(item: item, recording: found, title: name.title, artist: name.artist)
    }

    /// What suggestions for an account are made of now, and the sound of its library.
    ///
    /// - Parameter others: whether it will be asked ``ListenerView/among(_:)`` those who are opted in.
    func view(
        of account: Int64, now: Int, withOthers others: Bool
    ) async throws -> (ListenerView, SoundSpace?) {
        let library = try await board.library(of: account)
        let own = library.own
        let hidden = try await catalogue.hidden(account: account)
        let date = CalendarSpan(minutesAhead: 0).date(of: now)
        if others { try await board.dropDeparted() }
        let view = ListenerView(
            account: account, library: own, weights: library.weights,
            hiddenTracks: Set(hidden.tracks.compactMap { own.numbers[$0] }), hiddenRecordings: hidden.recordings, now: now,
            date: date)
        return (view, library.sound)
    }

    /// What recordings that the account does not own are called, without those on which too few agree.
    ///
    /// - Parameter time: when likings were read.
    private func names(of recordings: [Int64], at time: Int) async throws -> [Int64: CommonName] {
        if recordings.isEmpty { return [:] }
        let found = try await catalogue.commonNames(ofRecordings: recordings, agreed: ListenerView.fewestNaming, until: time)
        var names: [Int64: CommonName] = [:]
        for recording in recordings { names[recording] = board.settled(found[recording], of: recording) }
        return names
    }

    private static func alternating(_ one: [ListenerView.Pick], _ other: [ListenerView.Pick]) -> [ListenerView.Pick] {
        (0..<max(one.count, other.count)).flatMap { place in
            [one, other].compactMap { place < $0.count ? $0[place] : nil }
        }
    }

    /// The picks with their names. What has none is left out.
    ///
    /// - Parameter names: of recordings that the account does not own.
    private func items(
        of picks: [ListenerView.Pick], _ view: ListenerView, _ names: [Int64: CommonName] = [:]
    ) async throws -> [SuggestedItem] {
        var numbers = picks.compactMap { if case .own(let number) = $0.item { number } else { nil } }
        // Artists are called as on their tracks.
        numbers += picks.flatMap { $0.kind == .artist ? $0.because : [] }
        let ids = Set(numbers).map { view.library.tracks[Int($0)].id }
        let tracks = Dictionary(
            try await catalogue.tracks(ids: ids, account: view.account).map { ($0.id, $0) }
        ) { first, _ in first }
        var items: [SuggestedItem] = []
        for pick in picks {
            let reasons = pick.because.compactMap { number -> SuggestionReason? in
                let track = view.library.tracks[Int(number)]
                guard pick.kind == .artist else { return SuggestionReason(kind: pick.kind, id: track.id, title: track.title) }
                return tracks[track.id].map { SuggestionReason(kind: .artist, id: $0.artistID, title: $0.artist) }
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
                guard let name = names[recording] else { continue }
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
