import Configuration
import Foundation

/// Where plays may be told, as the configuration has it.
public struct ScrobbleServices: Sendable {
    /// An address without a slash at its end; nil if accounts cannot use it.
    public var listenBrainz: String? = ListenBrainz.usual
    var lastFM: LastFM?

    public init() {}

    /// Last.fm takes plays only from applications that it knows.
    ///
    /// - Parameters:
    ///   - key: of the operator's application there.
    ///   - secret: likewise.
    public mutating func setLastFM(base: String? = nil, key: String, secret: String) {
        lastFM = LastFM(base: base ?? LastFM.usual, key: key, secret: secret)
    }

    var protocols: [any ScrobbleProtocol] {
        let all: [(any ScrobbleProtocol)?] = [listenBrainz.map { ListenBrainz(base: $0) }, lastFM]
        return all.compactMap(\.self)
    }

    /// - Throws: ``ServerConfiguration/Invalid`` with the key and what it must be.
    mutating func read(_ reader: ConfigReader) throws(ServerConfiguration.Invalid) {
        if let text = try ServerConfiguration.text(reader, "scrobbling.listenbrainz") {
            listenBrainz = ["off", "false", "no"].contains(text) ? nil : try Self.address(text, "scrobbling.listenbrainz")
        }
        let base = try ServerConfiguration.text(reader, "scrobbling.lastfm") ?? LastFM.usual
        let key = try ServerConfiguration.text(reader, "scrobbling.lastfmKey") ?? ""
        let secret = try ServerConfiguration.text(reader, "scrobbling.lastfmSecret") ?? ""
        guard key.isEmpty == secret.isEmpty else {
            throw ServerConfiguration.Invalid(
                description: "scrobbling.lastfmKey, scrobbling.lastfmSecret: both must be given, or neither")
        }
        if !key.isEmpty { setLastFM(base: try Self.address(base, "scrobbling.lastfm"), key: key, secret: secret) }
    }

    private static func address(_ text: String, _ key: String) throws(ServerConfiguration.Invalid) -> String {
        let authority = ["http://", "https://"].first(where: text.hasPrefix).map { text.dropFirst($0.count) }
        guard let first = authority?.first, !"/:".contains(first), text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
            !text.contains(where: { "@?#\\".contains($0) })
        else {
            throw ServerConfiguration.Invalid(description: "\(key): \(text) must be an address such as https://HOST[:PORT]")
        }
        return text.last == "/" ? String(text.dropLast()) : text
    }
}
