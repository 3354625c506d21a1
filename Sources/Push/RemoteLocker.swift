internal import AsyncHTTPClient
internal import Audio
internal import FoundationEssentials
internal import NIOCore
internal import NIOFoundationCompat
internal import NIOHTTP1

/// The requests to a locker on a server. Each is repeated until it is answered or patience ends.
struct RemoteLocker: Sendable {
    /// The result for a file that was sent.
    enum Outcome: Sendable, Hashable {
        case stored(track: String)
        /// - Parameter isFinal: whether another try would be refused again.
        case refused(reason: String, isFinal: Bool)
    }

    struct Playlist: Decodable, Sendable {
        var id: String
        var name: String
        /// Nil if its tracks were chosen one by one.
        var rules: SmartJSON?

        var isSmart: Bool { rules != nil }
    }

    /// What a playlist is made of.
    enum Content: Sendable {
        case tracks([String])
        case rules(SmartJSON)

        fileprivate var isSmart: Bool { if case .rules = self { true } else { false } }
    }

    private struct Page<Item: Decodable>: Decodable {
        var items: [Item]
        var next: String?
    }

    private struct Known: Decodable {
        var sha256: String
        var track: String
    }

    private struct ProblemDocument: Decodable {
        var status: Int
        var detail: String
    }

    private struct State: Decodable {
        var state: String
        var track: String?
        var problem: ProblemDocument?
    }

    private struct Answer {
        var status: Int
        var headers: HTTPHeaders
        var body: ByteBuffer

        /// The detail of a problem document, or the status in words.
        var detail: String {
            (try? JSONDecoder().decode(ProblemDocument.self, from: Data(body.readableBytesView)))?.detail ?? "status \(status)"
        }

        func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
            do {
                return try JSONDecoder().decode(type, from: Data(body.readableBytesView))
            } catch {
                throw PushError.notSweetspot("the server's answer is not understood: is it a sweetspot server of this version?")
            }
        }
    }

    let base: String
    let key: String
    let client: HTTPClient
    /// How long to repeat requests to a server that gives no answer.
    let patience: Duration

    /// The ids of the locker's tracks that have these bytes, by SHA-256.
    func known(_ hashes: [String]) async throws -> [String: String] {
        var found: [String: String] = [:]
        for start in stride(from: 0, to: hashes.count, by: 500) {
            let body = try JSONEncoder().encode(["sha256": Array(hashes[start..<min(start + 500, hashes.count)])])
            let answer = try await asking { try await send(.POST, "/api/v1/known", [:], .bytes(ByteBuffer(data: body))) }
            guard answer.status == 200 else {
                throw PushError.notSweetspot("the server does not say which files it has: \(answer.detail)")
            }
            for item in try answer.decode(Page<Known>.self).items { found[item.sha256] = item.track }
        }
        return found
    }

    /// Sends a file, continuing an earlier try.
    ///
    /// - Parameters:
    ///   - place: the upload's address from an earlier run.
    ///   - onPlace: called with the upload's address, to be kept; with nil once the file is whole.
    ///   - onSent: called with the number of bytes that the server has or that are under way.
    func send(
        _ file: LocalFile, size: Int, name: String, isCompact: Bool, place: String?,
        onPlace: @Sendable (String?) -> Void, onSent: @escaping @Sendable (Int) -> Void
    ) async throws -> Outcome {
        var place = place
        var wait = Backoff(patience: patience)
        var reached = -1
        while true {
            if place == nil {
                switch try await create(name: name, size: size, isCompact: isCompact) {
                case .success(let new): place = new
                case .failure(let refusal): return refusal.outcome
                }
                onPlace(place)
            }
            guard let current = place else { continue }
            let head = try await asking { try await send(.HEAD, current, Self.tus) }
            guard head.status == 200, let offset = head.headers.first(name: "Upload-Offset").flatMap({ Int(digits: $0) }) else {
                // The server keeps an upload for a day only.
                place = nil
                continue
            }
            onSent(offset)
            if offset == size {
                let outcome = try await outcome(of: current)
                onPlace(nil)
                return outcome
            }
            if offset > reached { wait = Backoff(patience: patience) }
            reached = max(reached, offset)
            do {
                let answer = try await append(file, size: size, at: offset, to: current, onSent: onSent)
                if [401, 403].contains(answer.status) { throw PushError.badKey(answer.detail) }
                if [404, 410].contains(answer.status) { place = nil }
                if answer.status == 204 { continue }
            } catch let error as PushError {
                throw error
            } catch {
                // The next request for the offset tells how much arrived.
            }
            try await wait.sleep()
        }
    }

    /// All playlists, by name.
    func playlists() async throws -> [Playlist] {
        var all: [Playlist] = []
        var next: String? = ""
        while let after = next {
            let query = after.isEmpty ? "" : "&after=\(after)"
            let answer = try await asking { try await send(.GET, "/api/v1/playlists?limit=500\(query)", [:]) }
            guard answer.status == 200 else { throw PushError.notSweetspot("playlists cannot be read: \(answer.detail)") }
            let page = try answer.decode(Page<Playlist>.self)
            all += page.items
            next = page.next
        }
        return all
    }

    /// Makes a playlist, or replaces the tracks or rules of the one with this id. If the answer to the first request is lost, the
    /// next looks for the playlist that the first may have made.
    ///
    /// - Returns: Why the server refuses it; nil if it does not.
    func setPlaylist(id: String?, name: String, _ content: Content) async throws -> String? {
        struct Body: Encodable {
            var name: String
            var tracks: [String]?
            var rules: SmartJSON?
        }
        var value = Body(name: name)
        switch content {
        case .tracks(let tracks): value.tracks = tracks
        case .rules(let rules): value.rules = rules
        }
        let body = ByteBuffer(data: try JSONEncoder().encode(value))
        var id = id
        var isRepeated = false
        let answer = try await asking {
            if isRepeated, id == nil { id = try await playlists().first { $0.name == name && $0.isSmart == content.isSmart }?.id }
            isRepeated = true
            let place = "/api/v1/playlists" + (id.map { "/\($0)" } ?? "")
            return try await send(id == nil ? .POST : .PATCH, place, [:], .bytes(body))
        }
        if [200, 201].contains(answer.status) { return nil }
        // Rules may ask for what the locker does not have.
        if content.isSmart, [400, 507].contains(answer.status) { return answer.detail }
        throw PushError.notSweetspot("playlist \(name): \(answer.detail)")
    }

    private static let tus: HTTPHeaders = ["Tus-Resumable": "1.0.0"]

    private struct CreationRefused: Error {
        let outcome: Outcome
    }

    private func create(name: String, size: Int, isCompact: Bool) async throws -> Result<String, CreationRefused> {
        var headers = Self.tus
        headers.add(name: "Upload-Length", value: "\(size)")
        let metadata = "filename \(Data(name.utf8).base64EncodedString())" + (isCompact ? ",compact" : "")
        headers.add(name: "Upload-Metadata", value: metadata)
        let answer = try await asking { try await send(.POST, "/api/v1/uploads", headers) }
        if answer.status == 201, let place = answer.headers.first(name: "Location"), place.utf8.first == UInt8(ascii: "/") {
            return .success(place)
        }
        guard [409, 413, 507].contains(answer.status) else {
            throw PushError.notSweetspot("the server refuses the upload: \(answer.detail)")
        }
        return .failure(CreationRefused(outcome: .refused(reason: answer.detail, isFinal: answer.status == 413)))
    }

    private func append(
        _ file: LocalFile, size: Int, at offset: Int, to place: String, onSent: @escaping @Sendable (Int) -> Void
    ) async throws -> Answer {
        var headers = Self.tus
        headers.add(name: "Upload-Offset", value: "\(offset)")
        headers.add(name: "Content-Type", value: "application/offset+octet-stream")
        let sent = SentBytes(offset, onSent)
        let bytes = FileBytes(file, from: offset, count: size - offset) { sent.add($0) }
        return try await send(.PATCH, place, headers, .stream(bytes, length: .known(Int64(size - offset))))
    }

    private func outcome(of place: String) async throws -> Outcome {
        var pause = Duration.milliseconds(20)
        while true {
            let answer = try await asking { try await send(.GET, place, [:]) }
            guard answer.status == 200 else { return .refused(reason: "the server has dropped the upload", isFinal: false) }
            let state = try answer.decode(State.self)
            if let track = state.track { return .stored(track: track) }
            if state.state == "refused" {
                let status = state.problem?.status ?? 500
                return .refused(reason: state.problem?.detail ?? "no reason given", isFinal: [413, 415, 422].contains(status))
            }
            try await Task.sleep(for: pause)
            pause = min(pause * 2, .seconds(1))
        }
    }

    /// Repeats a request while the connection fails or the server is busy, until patience ends.
    private func asking(_ ask: () async throws -> Answer) async throws -> Answer {
        var wait = Backoff(patience: patience)
        while true {
            do {
                let answer = try await ask()
                if [401, 403].contains(answer.status) { throw PushError.badKey(answer.detail) }
                if ![408, 423, 429, 500, 502, 503, 504].contains(answer.status) { return answer }
                wait.reason = answer.detail
            } catch let error as PushError {
                throw error
            } catch let error as CancellationError {
                throw error
            } catch {
                wait.reason = "\(error)"
            }
            try await wait.sleep()
        }
    }

    private func send(
        _ method: HTTPMethod, _ path: String, _ headers: HTTPHeaders, _ body: HTTPClientRequest.Body? = nil
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: base + path)
        request.method = method
        request.headers = headers
        request.headers.add(name: "Authorization", value: "Bearer \(key)")
        request.body = body
        let response = try await client.execute(request, deadline: .distantFuture)
        return Answer(
            status: Int(response.status.code), headers: response.headers, body: try await response.body.collect(upTo: 16 << 20))
    }
}

/// Waits longer after each try, until patience ends.
private struct Backoff {
    private let end: ContinuousClock.Instant
    private var pause = Duration.milliseconds(100)
    var reason = "the connection was lost"

    init(patience: Duration) { end = .now + patience }

    mutating func sleep() async throws {
        guard ContinuousClock.now < end else { throw PushError.unreachable("the server cannot be reached: \(reason)") }
        try await Task.sleep(for: pause * Double.random(in: 0.5...1))
        pause = min(pause * 2, .seconds(5))
    }
}
