import Audio
import Crypto
import Foundation
import Locker
import NIOHTTP1

/// Last.fm's API 2.0 (https://www.last.fm/api/scrobbling): `track.scrobble` and `auth.getSession`, signed with the secret of this
/// server's application there.
struct LastFM: ScrobbleProtocol {
    static let usual = "https://ws.audioscrobbler.com"

    /// Without a slash at its end.
    let base: String
    let key: String
    let secret: String

    let service = ScrobbleService.lastFM
    let title = "Last.fm"
    /// The most that the API takes.
    let most = 50

    /// Where a listener lets this application in; Last.fm leads back to `cb` with a token.
    var authorisation: String { "https://www.last.fm/api/auth/?api_key=\(key)" }

    func submission(of plays: [ScrobbledPlay], token: String) -> ScrobbleRequest {
        var values = ["method": "track.scrobble", "sk": token]
        for (place, play) in plays.enumerated() {
            func set(_ name: String, _ value: String) { if !value.isEmpty { values["\(name)[\(place)]"] = value } }
            set("artist", play.artist.isEmpty ? play.albumArtist.isEmpty ? "[unknown]" : play.albumArtist : play.artist)
            set("track", play.title)
            set("timestamp", "\(play.at / 1000)")
            set("album", play.album)
            set("albumArtist", play.albumArtist == play.artist ? "" : play.albumArtist)
            set("mbid", play.recording)
            set("duration", "\(play.duration / 1000)")
        }
        return signed(values)
    }

    func introduction(token: String) -> ScrobbleRequest { signed(["method": "auth.getSession", "token": token]) }

    /// §6 of https://www.last.fm/api/authspec: an MD5 of all values by name, with the secret behind them. `format` is not among
    /// them.
    private func signed(_ values: [String: String]) -> ScrobbleRequest {
        var values = values
        values["api_key"] = key
        let text = values.sorted { Array($0.key.utf8).lexicographicallyPrecedes(Array($1.key.utf8)) }.map { $0.key + $0.value }
        values["api_sig"] = Array(Insecure.MD5.hash(data: Array((text.joined() + secret).utf8))).hexadecimal
        values["format"] = "json"
        let form = values.sorted { $0.key < $1.key }.map { "\($0.key.percentEncoded())=\($0.value.percentEncoded())" }
        return ScrobbleRequest(
            url: base + "/2.0/", fields: [("Content-Type", "application/x-www-form-urlencoded")],
            body: Array(form.joined(separator: "&").utf8))
    }

    private struct Fault: Decodable {
        var error: Int
    }

    /// https://www.last.fm/api/errorcodes: 4, 9, 14, 15 and 17 are about the listener's token, 6 and 7 about what is sent.
    func verdict(status: Int, fields: HTTPHeaders, body: [UInt8]) -> ScrobbleVerdict {
        let fault = try? JSONDecoder().decode(Fault.self, from: Data(body))
        switch (status, fault?.error) {
        case (_, 4?), (_, 9?), (_, 14?), (_, 15?), (_, 17?): return .badToken
        case (_, 6?), (_, 7?): return .refused
        case (200..<300, nil): return .taken
        case (413, nil): return .refused
        default: return .later(after: fields.first(name: "Retry-After").flatMap { Int($0) })
        }
    }

    private struct Introduction: Decodable {
        struct Session: Decodable {
            var name: String
            var key: String
        }

        var session: Session
    }

    func introduced(token: String, status: Int, body: [UInt8]) throws -> (name: String, token: String)? {
        if let known = try? JSONDecoder().decode(Introduction.self, from: Data(body)) {
            return (known.session.name, known.session.key)
        }
        guard verdict(status: status, fields: [:], body: body) == .badToken else { throw UnknownAnswer() }
        return nil
    }
}
