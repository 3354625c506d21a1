import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// Sends requests to services, which may be slow, silent or hostile: no answer is waited for longer than half a minute, or read
/// beyond 64 KiB, and no redirect is followed.
final class ScrobbleClient: Sendable {
    private static let timeout = TimeAmount.seconds(30)
    private static let longestAnswer = 1 << 16

    private let client: HTTPClient

    init(eventLoopGroup: any EventLoopGroup) {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout.connect = .seconds(10)
        client = HTTPClient(eventLoopGroup: eventLoopGroup, configuration: configuration)
    }

    /// As in ``HTTPOriginals``: an error of a second shutdown is ignored.
    deinit { client.shutdown { _ in } }

    func shutdown() async { try? await client.shutdown() }

    /// - Throws: if no whole answer comes in time.
    func send(_ request: ScrobbleRequest) async throws -> (status: Int, fields: HTTPHeaders, body: [UInt8]) {
        var message = HTTPClientRequest(url: request.url)
        message.method = request.method
        message.headers = HTTPHeaders(request.fields)
        message.headers.add(name: "User-Agent", value: "sweetspot/\(sweetspotVersion)")
        if request.method == .POST { message.body = .bytes(request.body) }
        let answer = try await client.execute(message, timeout: Self.timeout)
        let body = try await answer.body.collect(upTo: Self.longestAnswer)
        return (Int(answer.status.code), answer.headers, Array(body.readableBytesView))
    }
}
