import Foundation
import Locker
import NIOHTTP1
import TestSupport
import Testing

@testable import Gateway

/// One server with songs that a client of Subsonic asks.
struct SubsonicServer: Sendable {
    let server: RunningServer

    init() throws { server = try #require(RunningServer.current) }

    static func query(_ parameters: KeyValuePairs<String, String>) -> String {
        parameters.map { name, value in
            "\(name)=\(value.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")"
        }.joined(separator: "&")
    }

    /// The parameters that every request has.
    static let usual = "u=tester&p=secret&v=1.16.1&c=tests&f=json"

    /// The answer's members.
    func ask(
        _ name: String, _ parameters: KeyValuePairs<String, String> = [:], usual: String = usual,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> JSON {
        let reply = try await server.get("/rest/\(name)?\(usual)&\(Self.query(parameters))")
        #expect(reply.status == 200, sourceLocation: sourceLocation)
        return try #require(try reply.json["subsonic-response"], sourceLocation: sourceLocation)
    }

    /// The answer of a request that is to succeed.
    func get(
        _ name: String, _ parameters: KeyValuePairs<String, String> = [:], usual: String = usual,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> JSON {
        let answer = try await ask(name, parameters, usual: usual, sourceLocation: sourceLocation)
        #expect(answer["status"]?.text == "ok", "\(name): \(answer)", sourceLocation: sourceLocation)
        return answer
    }

    /// The code of a request that is to fail.
    func code(
        _ name: String, _ parameters: KeyValuePairs<String, String> = [:], usual: String = usual,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> Int? {
        let answer = try await ask(name, parameters, usual: usual, sourceLocation: sourceLocation)
        #expect(answer["status"]?.text == "failed", "\(name): \(answer)", sourceLocation: sourceLocation)
        return answer["error"]?["code"]?.integer
    }

    /// A FLAC with a cover of 300 by 200 pixels.
    static func pictured(seed: UInt64) throws -> [UInt8] {
        let folder = try TemporaryFolder()
        let picture = "\(folder.path)/cover.jpg"
        let drawn = try runBlocking(
            "ffmpeg", ["-nostdin", "-v", "error", "-f", "lavfi", "-i", "testsrc=size=300x200", "-frames:v", "1", picture])
        try #require(drawn.status == 0)
        let tags = [
            "-i", picture, "-map", "0:a", "-map", "1:v", "-c:v", "copy", "-disposition:v", "attached_pic", "-metadata",
            "title=Seen", "-metadata", "artist=Painter", "-metadata", "album=Gallery"
        ]
        return try Sound.encoded(Sound.wav(seconds: 0.4, seed: seed), tags, extension: "flac")
    }

    /// Uploads a song and gives it tags; returns its id.
    func song(_ seed: UInt64, seconds: Double = 0.3, _ tags: [String: Any], _ headers: [(String, String)] = []) async throws
        -> String
    {
        let track = try await server.upload(Sound.wav(seconds: seconds, seed: seed), name: "\(seed).wav", headers)
        let id = try #require(track["id"]?.text)
        let reply = try await server.send(
            .PATCH, "/api/v1/tracks/\(id)", headers, body: Array(try JSONSerialization.data(withJSONObject: tags)))
        try #require(reply.status == 200, "\(reply.text)")
        return id
    }
}
