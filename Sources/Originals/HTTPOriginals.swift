internal import AsyncHTTPClient
public import Audio
public import NIOCore
internal import NIOHTTP1

/// Originals at an HTTP origin that serves the files of a ``DirectoryOriginals`` under the same names.
///
/// A read is one `GET` with a `Range`; only the base's host gets requests, and no redirect is followed. A response that
/// breaks off is continued from where it stopped.
public final class HTTPOriginals: OriginalVault {
    private static let attempts = 3

    private let base: String
    private let deadline: Duration
    private let client: HTTPClient

    /// - Parameters:
    ///   - base: `http` or `https` address of the directory, without user, query and fragment.
    ///   - eventLoopGroup: belongs to the caller.
    ///   - deadline: the time one read may take, all attempts together.
    /// - Throws: ``OriginalError/unreachable(_:)`` if `base` is not such an address.
    public init(
        base: String, eventLoopGroup: any EventLoopGroup, deadline: Duration = .seconds(10)
    ) throws(OriginalError) {
        let authority = ["http://", "https://"].first(where: base.hasPrefix).map { base.dropFirst($0.count) }
        guard let authority, let first = authority.first, !"/:".contains(first),
            base.utf8.allSatisfy({ (0x21...0x7E).contains($0) }), !base.contains(where: "@?#\\".contains)
        else { throw .unreachable("not the address of an HTTP origin: \(base)") }
        self.base = base.last == "/" ? String(base.dropLast()) : base
        self.deadline = deadline
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout.connect = .seconds(3)
        client = HTTPClient(eventLoopGroup: eventLoopGroup, configuration: configuration)
    }

    /// The client must be shut down before it is released. If ``shutdown()`` has done that, the error of this call is
    /// ignored.
    deinit { client.shutdown { _ in } }

    /// Closes the connections, and returns when they are closed.
    public func shutdown() async throws {
        try await client.shutdown()
    }

    public var isReadOnly: Bool { true }

    public func put(_ parts: [StoredPart: String], of hash: OriginalHash) async throws(VaultError) { throw .readOnly }

    public func remove(_ hash: OriginalHash) async throws(VaultError) { throw .readOnly }

    public func localFile(of hash: OriginalHash) -> String? { nil }

    public func size(of hash: OriginalHash) async throws(OriginalError) -> Int? {
        do throws(OriginalError) {
            return try await withDeadline { try await self.length("\(hash.storedPath)") }
        } catch .missing {
            return nil
        }
    }

    public func trackMap(of hash: OriginalHash) async throws(OriginalError) -> TrackMap {
        let bytes = try await fetch("\(hash.storedPath).map", RangeRequest(wholeFileOfAtMost: TrackMap.storedLimit))
        return try TrackMap(stored: bytes)
    }

    public func measures(of hash: OriginalHash, version: Int) async -> SoundMeasures? {
        let path = hash.storedPath + StoredPart.measures.suffix
        let bytes = try? await fetch(path, RangeRequest(wholeFileOfAtMost: SoundMeasures.Limit.stored))
        return bytes.flatMap { SoundMeasures(decoding: $0, version: version) }
    }

    public func read(
        _ range: Range<Int>, of file: StoredFile, original hash: OriginalHash
    ) async throws(OriginalError) -> [UInt8] {
        guard range.lowerBound >= 0 else { throw .endsEarly(at: 0, range) }
        if range.isEmpty { return [] }
        return try await fetch(hash.storedPath + file.suffix, RangeRequest(range))
    }

    private func fetch(_ path: String, _ request: RangeRequest) async throws(OriginalError) -> [UInt8] {
        try await withDeadline { try await self.attempt(path, request) }
    }

    /// AsyncHTTPClient's own deadline ends with the response's head; this one covers the body too.
    private func withDeadline<Value: Sendable>(
        _ operation: @escaping @Sendable () async throws -> Value
    ) async throws(OriginalError) -> Value {
        do {
            return try await withThrowingTaskGroup(of: Value?.self) { group in
                group.addTask { try await operation() }
                group.addTask { [deadline] in
                    try await Task.sleep(for: deadline)
                    return nil
                }
                defer { group.cancelAll() }
                guard let value = try await group.next() ?? nil else {
                    throw OriginalError.unreachable("the origin takes longer than \(self.deadline)")
                }
                return value
            }
        } catch let error as OriginalError {
            throw error
        } catch {
            throw .unreachable("\(error)")
        }
    }

    private func length(_ path: String) async throws -> Int {
        var head = HTTPClientRequest(url: "\(base)/\(path)")
        head.method = .HEAD
        head.headers = ["Accept-Encoding": "identity"]
        let response = try await client.execute(head, deadline: .distantFuture)
        guard response.status != .notFound, response.status != .gone else { throw OriginalError.missing }
        guard response.status == .ok, let length = response.headers.first(name: "Content-Length").flatMap({ Int(digits: $0) })
        else { throw OriginalError.unreachable("the origin answers HEAD with \(response.status.code), or without a length") }
        return length
    }

    private func attempt(_ path: String, _ first: RangeRequest) async throws -> [UInt8] {
        var request = first
        var failure: any Error = OriginalError.unreachable("the origin breaks off")
        for _ in 0..<Self.attempts {
            do {
                try await advance(&request, path)
                if request.isComplete { return request.bytes }
            } catch let error as OriginalError {
                throw error
            } catch {
                try Task.checkCancellation()
                failure = error
            }
        }
        throw failure
    }

    /// Makes one request. The bytes it brings stay in `request`, even if it throws.
    private func advance(_ request: inout RangeRequest, _ path: String) async throws {
        var get = HTTPClientRequest(url: "\(base)/\(path)")
        get.headers = ["Range": request.field, "Accept-Encoding": "identity"]
        let response = try await client.execute(get, deadline: .distantFuture)
        var missing = try request.accept(response.status, response.headers)
        for try await part in response.body {
            guard part.readableBytes <= missing else {
                throw OriginalError.unreachable("the origin sends more bytes than it announces")
            }
            missing -= part.readableBytes
            request.append(part.readableBytesView)
        }
    }
}
