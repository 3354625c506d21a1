internal import AsyncHTTPClient
internal import Audio
internal import FoundationEssentials
internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// Brings a remote locker up to date with local folders: files it has are not sent again, and interrupted ones continue.
public struct Push: Sendable {
    /// The result for one file.
    public enum Outcome: Sendable, Hashable {
        case sent
        case known
        case refused(reason: String)
    }

    public struct Progress: Sendable {
        public var files: Int
        /// Bytes handled so far, of the files that had to be read.
        public var done: Int
        public var total: Int
        /// The file handled last.
        public var latest: (file: LocalFile, outcome: Outcome)?
    }

    public struct Summary: Sendable {
        public var sent = 0
        public var known = 0
        public var refused: [(file: LocalFile, reason: String)] = []
        /// Bytes that went over the network.
        public var bytes = 0
        public var playlists = 0
        /// Entries of playlists that match none of the files: the playlist, the line from 1 on, and the entry's text.
        public var missing: [(playlist: LocalFile, line: Int, entry: String)] = []
    }

    /// A small file to send instead of the given one, removed afterwards.
    public typealias Compact = @Sendable (LocalFile) async throws -> LocalFile?

    private let locker: RemoteLocker
    private let state: PushState
    private let jobs: Int
    private let compact: Compact?

    /// - Parameters:
    ///   - server: `http` or `https` address, with no more than a path.
    ///   - statePath: the file that keeps what earlier runs learned.
    ///   - jobs: files sent at once.
    ///   - compact: makes the small rendition of a file; if it returns nil, the file itself is sent. Throws if the file is
    ///     not music.
    ///   - patience: how long to repeat requests to a server that gives no answer.
    /// - Throws: ``PushError/badServer(_:)``.
    public init(
        server: String, key: String, statePath: String, jobs: Int = 4, compact: Compact? = nil,
        patience: Duration = .seconds(120)
    ) throws(PushError) {
        guard let url = URL(string: server), let scheme = url.scheme, ["http", "https"].contains(scheme), url.host() != nil,
            url.query() == nil, url.fragment() == nil, url.user() == nil
        else { throw .badServer("\(server) is not a server address: use https://HOST") }
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout.connect = .seconds(10)
        configuration.timeout.read = .seconds(60)
        configuration.timeout.write = .seconds(60)
        configuration.httpVersion = .http1Only
        locker = RemoteLocker(
            base: server.hasSuffix("/") ? String(server.dropLast()) : server, key: key,
            client: HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration), patience: patience)
        state = PushState(path: statePath)
        self.jobs = max(1, jobs)
        self.compact = compact
    }

    /// A file and what is known about it.
    private struct Candidate: Sendable {
        var file: LocalFile
        var identity: LocalFile.Identity
    }

    /// Sends those of `files` that the locker lacks, and makes playlists of `lists`.
    ///
    /// - Parameter isDry: whether only to report which files would be sent.
    /// - Throws: ``PushError``; files sent until then stay, and the next run continues.
    public func run(
        _ files: [LocalFile], playlists lists: [LocalFile], isDry: Bool = false,
        onProgress: @escaping @Sendable (Progress) -> Void
    ) async throws -> Summary {
        do {
            let summary = try await push(files, lists, isDry, onProgress)
            try await locker.client.shutdown()
            try state.save()
            return summary
        } catch {
            try? await locker.client.shutdown()
            try? state.save()
            throw error
        }
    }

    private func push(
        _ files: [LocalFile], _ lists: [LocalFile], _ isDry: Bool, _ onProgress: @escaping @Sendable (Progress) -> Void
    ) async throws -> Summary {
        let tally = Tally(files: files.count, onProgress)
        var remembered: [(candidate: Candidate, sent: String)] = []
        var candidates: [Candidate] = []
        for file in files {
            guard let identity = try await file.identity() else {
                tally.note(file, .refused(reason: "it cannot be read"))
                continue
            }
            let candidate = Candidate(file: file, identity: identity)
            if let entry = state[file], entry.identity == identity, entry.isCompact == (compact != nil) {
                if let reason = entry.refusal {
                    tally.note(file, .refused(reason: reason))
                    continue
                }
                if let sent = entry.sent {
                    remembered.append((candidate, sent))
                    continue
                }
            }
            candidates.append(candidate)
        }
        let known = try await locker.known(remembered.map(\.sent))
        for (candidate, sent) in remembered {
            if let track = known[sent] {
                tally.note(candidate.file, .known, track: track)
            } else {
                candidates.append(candidate)
            }
        }
        tally.begin(bytes: candidates.reduce(0) { $0 + $1.identity.size })
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            var rest = candidates[...]
            for _ in 0..<min(jobs, rest.count) {
                let candidate = rest.removeFirst()
                tasks.addTask { try await deal(with: candidate, isDry, tally) }
            }
            while try await tasks.next() != nil {
                guard let candidate = rest.popFirst() else { continue }
                tasks.addTask { try await deal(with: candidate, isDry, tally) }
            }
        }
        try await send(lists, of: files, isDry, tally)
        return tally.summary
    }

    /// Sends a file if the locker does not have it.
    private func deal(with candidate: Candidate, _ isDry: Bool, _ tally: Tally) async throws {
        let file = candidate.file
        var small: LocalFile?
        defer { if let small { try? FileManager.default.removeItem(atPath: small.text) } }
        do {
            if let compact, !isDry { small = try await compact(file) }
        } catch let error as CancellationError {
            throw error
        } catch {
            finish(candidate, .refused(reason: "\(error)", isFinal: true), hash: nil, tally)
            return
        }
        let source = small ?? file
        guard let size = try await source.identity()?.size, let hash = try? await source.digest() else {
            finish(candidate, .refused(reason: "it cannot be read", isFinal: false), hash: nil, tally)
            return
        }
        if let track = try await locker.known([hash])[hash] {
            state[file] = PushState.Entry(identity: candidate.identity, isCompact: compact != nil, sent: hash)
            tally.end(candidate.identity.size, of: file)
            tally.note(file, .known, track: track)
            return
        }
        if isDry {
            tally.end(candidate.identity.size, of: file)
            tally.note(file, .sent)
            return
        }
        // A small rendition has fewer bytes than its file, so the bar's share is scaled.
        let scale = Double(candidate.identity.size) / Double(max(1, size))
        let outcome = try await locker.send(
            source, size: size, name: file.nameInFolders.printable, isCompact: compact != nil, place: state.place(of: hash),
            onPlace: { [state] in state.setPlace($0, of: hash) }, onSent: { tally.sending(Int(Double($0) * scale), of: file) })
        tally.sent(size)
        finish(candidate, outcome, hash: hash, tally)
    }

    private func finish(_ candidate: Candidate, _ outcome: RemoteLocker.Outcome, hash: String?, _ tally: Tally) {
        var entry = PushState.Entry(identity: candidate.identity, isCompact: compact != nil)
        tally.end(candidate.identity.size, of: candidate.file)
        switch outcome {
        case .stored(let track):
            entry.sent = hash
            state[candidate.file] = entry
            tally.note(candidate.file, .sent, track: track)
        case .refused(let reason, let isFinal):
            entry.refusal = reason
            if isFinal { state[candidate.file] = entry }
            tally.note(candidate.file, .refused(reason: reason))
        }
    }

    /// Makes playlists of the songs that are in the locker, and smart ones of files of rules.
    private func send(_ lists: [LocalFile], of files: [LocalFile], _ isDry: Bool, _ tally: Tally) async throws {
        if lists.isEmpty { return }
        var known = KnownPaths(files.map(\.path))
        var existing: [RemoteLocker.Playlist]?
        for list in lists {
            let isSmart = RulesFile.isNamed(list.name)
            let limit = isSmart ? RulesFile.mostBytes : M3U.mostBytes
            guard let size = try await list.identity()?.size, size <= limit else {
                tally.note(
                    list, .refused(reason: "it cannot be read, or is too large for a playlist: more than \(limit) bytes"))
                continue
            }
            var bytes = ByteBuffer()
            for try await piece in FileBytes(list, from: 0, count: size) { bytes.writeImmutableBuffer(piece) }
            let (name, content, made): (String, RemoteLocker.Content, String)
            if isSmart {
                guard let file = Self.rules(Array(bytes.readableBytesView)) else {
                    tally.note(list, .refused(reason: "it must be a JSON object"))
                    continue
                }
                (name, content) = (file.title(fileName: list.name), .rules(file.rules))
                made = name + "\n" + String(decoding: bytes.readableBytesView, as: UTF8.self)
            } else {
                let playlist = M3U(Array(bytes.readableBytesView))
                let tracks = self.tracks(of: playlist, list, &known, files, tally)
                if tracks.isEmpty { continue }
                (name, content) = (playlist.title(fileName: list.name), .tracks(Array(tracks.prefix(10_000))))
                made = ([name] + tracks).joined(separator: "\n")
            }
            if isDry || state.playlist(list.text) == made { continue }
            if existing == nil { existing = try await locker.playlists() }
            let former = existing?.first { $0.name == name && $0.isSmart == isSmart }
            if let reason = try await locker.setPlaylist(id: former?.id, name: name, content) {
                tally.note(list, .refused(reason: reason))
                continue
            }
            state.setPlaylist(list.text, made)
            tally.playlist()
        }
    }

    /// The ids of the songs that a playlist names.
    private func tracks(
        of playlist: M3U, _ list: LocalFile, _ known: inout KnownPaths, _ files: [LocalFile], _ tally: Tally
    ) -> [String] {
        var songs: [LocalFile] = []
        for entry in playlist.entries {
            if let place = known.place(of: entry, in: list.folder) {
                songs.append(files[place])
            } else {
                tally.missing(entry, of: list)
            }
        }
        return songs.compactMap { tally.track(of: $0) }
    }

    private static func rules(_ bytes: [UInt8]) -> RulesFile? {
        let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
        let decoder = JSONDecoder()
        decoder.allowsJSON5 = true
        return (try? decoder.decode(SmartJSON.self, from: Data(text))).flatMap { RulesFile($0) }
    }
}

/// The counts so far.
private final class Tally: Sendable {
    private struct State {
        var summary = Push.Summary()
        var total = 0
        var done = 0
        var sending: [LocalFile: Int] = [:]
        var tracks: [LocalFile: String] = [:]
    }

    private let files: Int
    private let state = Mutex(State())
    private let onProgress: @Sendable (Push.Progress) -> Void

    init(files: Int, _ onProgress: @escaping @Sendable (Push.Progress) -> Void) {
        self.files = files
        self.onProgress = onProgress
    }

    var summary: Push.Summary { state.withLock { $0.summary } }

    func track(of file: LocalFile) -> String? { state.withLock { $0.tracks[file] } }

    func begin(bytes: Int) { state.withLock { $0.total = bytes } }

    func sending(_ bytes: Int, of file: LocalFile) {
        report { $0.sending[file] = bytes }
    }

    func end(_ bytes: Int, of file: LocalFile) {
        state.withLock { state in
            state.sending[file] = nil
            state.done += bytes
        }
    }

    func sent(_ bytes: Int) { state.withLock { $0.summary.bytes += bytes } }
    func playlist() { state.withLock { $0.summary.playlists += 1 } }

    func missing(_ entry: M3U.Entry, of list: LocalFile) {
        state.withLock { $0.summary.missing.append((list, entry.line, entry.text)) }
    }

    func note(_ file: LocalFile, _ outcome: Push.Outcome, track: String? = nil) {
        report((file, outcome)) { state in
            state.tracks[file] = track
            switch outcome {
            case .sent: state.summary.sent += 1
            case .known: state.summary.known += 1
            case .refused(let reason): state.summary.refused.append((file, reason))
            }
        }
    }

    private func report(_ latest: (LocalFile, Push.Outcome)? = nil, _ change: (inout State) -> Void) {
        let progress = state.withLock { state in
            change(&state)
            return Push.Progress(
                files: files, done: state.done + state.sending.values.reduce(0, +), total: state.total, latest: latest)
        }
        onProgress(progress)
    }
}
