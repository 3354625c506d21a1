import Audio
import NIOPosix
import TestSupport
import Testing

@testable import Originals

@Suite("An origin that misbehaves", .tags(.http), .timeLimit(.minutes(10))) struct MisbehavingOriginTests {
    /// What the range 10..<20 holds.
    private static let wanted = "0123456789"

    private static func partial(_ field: String, length: Int?, _ body: String, more: String = "") -> String {
        let length = length.map { "Content-Length: \($0)\r\n" } ?? ""
        return "HTTP/1.1 206 Partial Content\r\nContent-Range: \(field)\r\n\(length)\(more)\r\n\(body)"
    }

    private func read(_ answers: [String], deadline: Duration = .seconds(10)) async throws -> (
        Result<[UInt8], OriginalError>, [String]
    ) {
        let origin = try await ScriptedOrigin(answers)
        let remote = try HTTPOriginals(
            base: origin.base, eventLoopGroup: MultiThreadedEventLoopGroup.singleton, deadline: deadline)
        let hash = try #require(OriginalHash(hex: String(repeating: "ab", count: 32)))
        let result: Result<[UInt8], OriginalError>
        do {
            result = .success(try await remote.read(10..<20, of: .original, original: hash))
        } catch {
            result = .failure(error)
        }
        try await remote.shutdown()
        try await origin.close()
        return (result, origin.requests)
    }

    private func ranges(_ requests: [String]) -> [Substring] {
        requests.compactMap { $0.split(separator: "\r\n").first { $0.lowercased().hasPrefix("range:") }?.dropFirst(7) }
    }

    @Test("If an origin breaks off, the rest is asked for from where it stopped")
    func continuesShortReads() async throws {
        let (result, requests) = try await read([
            Self.partial("bytes 10-19/100", length: 10, "012"), Self.partial("bytes 13-19/100", length: 7, "34567"),
            Self.partial("bytes 18-19/100", length: 2, "89")
        ])
        #expect(result == .success(Array(Self.wanted.utf8)))
        #expect(ranges(requests) == ["bytes=10-19", "bytes=13-19", "bytes=18-19"])
        #expect(requests.allSatisfy { $0.hasPrefix("GET /ab/ab/abab") && $0.lowercased().contains("host: 127.0.0.1:") })
    }

    @Test("If an origin gives less than asked for, the rest is asked for")
    func continuesShortRanges() async throws {
        let (result, requests) = try await read([
            Self.partial("bytes 10-13/100", length: 4, "0123"), Self.partial("bytes 14-19/*", length: nil, "456789")
        ])
        #expect(result == .success(Array(Self.wanted.utf8)))
        #expect(ranges(requests) == ["bytes=10-19", "bytes=14-19"])
    }

    @Test("An origin that always breaks off is given up after three times")
    func givesUp() async throws {
        let (result, requests) = try await read(Array(repeating: Self.partial("bytes 10-19/100", length: 10, ""), count: 9))
        guard case .failure(.unreachable) = result else { return #expect(Bool(false), "\(result)") }
        #expect(requests.count == 3)
    }

    @Test(
        "An origin that answers nothing or half is left at the deadline, which covers the body too",
        arguments: ["", partial("bytes 10-19/100", length: 10, "012")])
    func isLeftAtTheDeadline(answer: String) async throws {
        let (result, requests) = try await read([answer + ScriptedOrigin.hangs], deadline: .seconds(2))
        #expect(result == .failure(.unreachable("the origin takes longer than 2.0 seconds")))
        #expect(requests.count == 1)
    }

    @Test("A redirect of an origin is not followed")
    func isNotFollowed() async throws {
        let canary = try await ScriptedOrigin([])
        let (result, _) = try await read(["HTTP/1.1 307 Go\r\nLocation: \(canary.base)/\r\nContent-Length: 0\r\n\r\n"])
        #expect(result == .failure(.unreachable("the origin answers 307")))
        #expect(canary.requests.isEmpty)
        try await canary.close()
    }

    @Test(
        "Wrong bytes from an origin are refused at once",
        arguments: [
            partial("bytes 0-9/100", length: 10, wanted), partial("bytes 10-20/100", length: 11, wanted + "x"),
            partial("bytes 10-19/100", length: 9, wanted), partial("bytes 10-5/100", length: 10, wanted),
            partial("", length: 10, wanted), "HTTP/1.1 206 Partial Content\r\nContent-Length: 10\r\n\r\n" + wanted,
            "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n",
            "HTTP/1.1 200 OK\r\n\r\n" + wanted, "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n",
            partial("bytes 10-19/100", length: 10, wanted, more: "Content-Encoding: gzip\r\n"),
            partial("bytes 10-19/100", length: nil, wanted + "and more")
        ])
    func isRefused(answer: String) async throws {
        let (result, requests) = try await read([answer])
        guard case .failure(.unreachable) = result else { return #expect(Bool(false), "\(result)") }
        #expect(requests.count == 1)
    }

    @Test(
        "If an origin has less than there must be, the Original is damaged",
        arguments: [
            partial("bytes 10-18/19", length: 9, "012345678"), "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n" + wanted,
            "HTTP/1.1 416 No\r\nContent-Range: bytes */5\r\nContent-Length: 0\r\n\r\n"
        ])
    func isDamaged(answer: String) async throws {
        let (result, _) = try await read([answer])
        guard case .failure(.damaged) = result else { return #expect(Bool(false), "\(result)") }
    }

    @Test("If an origin does not know ranges, a request for the whole file is answered")
    func givesTheWhole() async throws {
        let origin = try await ScriptedOrigin(["HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n" + Self.wanted])
        let remote = try HTTPOriginals(base: origin.base, eventLoopGroup: MultiThreadedEventLoopGroup.singleton)
        let hash = try #require(OriginalHash(hex: String(repeating: "ab", count: 32)))
        #expect(try await remote.read(0..<10, of: .original, original: hash) == Array(Self.wanted.utf8))
        try await remote.shutdown()
        try await origin.close()
    }

    @Test("An origin with a closed port is unreachable, not missing")
    func isNotThere() async throws {
        let origin = try await ScriptedOrigin([])
        try await origin.close()
        let remote = try HTTPOriginals(
            base: origin.base, eventLoopGroup: MultiThreadedEventLoopGroup.singleton, deadline: .milliseconds(500))
        let hash = try #require(OriginalHash(hex: String(repeating: "ab", count: 32)))
        let error = await #expect(throws: OriginalError.self) { try await remote.trackMap(of: hash) }
        guard case .unreachable = error else { return #expect(Bool(false), "\(String(describing: error))") }
        try await remote.shutdown()
    }

    @Test(
        "A base that is no origin's is refused",
        arguments: [
            "", "example.org", "ftp://example.org", "http://", "http:///x", "http://a b", "http://u@h", "http://h?x", "http://h#x"
        ])
    func isNotTaken(base: String) {
        #expect(throws: OriginalError.self) {
            try HTTPOriginals(base: base, eventLoopGroup: MultiThreadedEventLoopGroup.singleton)
        }
    }
}
