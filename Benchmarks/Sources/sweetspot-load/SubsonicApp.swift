/// An app that speaks Subsonic: what it asks for, and how it reads. `subsonic.md` of the project's design has the sources.
enum SubsonicApp: String, CaseIterable, Sendable {
    /// Fetches whole songs one after the other, as fast as they come, and goes on where a transfer broke.
    case dsub = "DSub"
    /// ExoPlayer: reads to a limit, seeks by range, and fetches the next song once it has the one that plays.
    case symfonium = "Symfonium"

    /// The version of the protocol that it claims.
    private var version: String { self == .dsub ? "1.2.0" : "1.13.0" }
    /// Songs that are fetched before they play.
    var songsAhead: Int { self == .dsub ? 2 : 1 }
    /// Seconds of sound beyond which it reads no more.
    var mostAhead: Double { self == .dsub ? .infinity : 50 }
    /// Whether it seeks in what it has not fetched.
    var seeks: Bool { self == .symfonium }

    /// The path of a song's stream, with the limits that a listener sets for such a network.
    func stream(_ song: Song, over network: NetworkProfile) -> String {
        let wish =
            switch (self, network.name) {
            case (.dsub, "2g"), (.dsub, "edge"): "maxBitRate=64"
            case (.dsub, "3g"): "maxBitRate=128"
            case (.dsub, "4g"): "maxBitRate=192"
            case (.dsub, _): "maxBitRate=0"
            case (.symfonium, "2g"): "format=opus&maxBitRate=24"
            case (.symfonium, "edge"): "format=opus&maxBitRate=48"
            case (.symfonium, "3g"): "format=opus&maxBitRate=96"
            case (.symfonium, "4g"): "format=mp3&maxBitRate=256"
            case (.symfonium, _): "format=raw"
            }
        return call("stream", "id=\(song.id)&\(wish)")
    }

    /// - Parameter query: of the endpoint's own parameters.
    func call(_ endpoint: String, _ query: String) -> String {
        "/rest/\(endpoint)?v=\(version)&c=\(rawValue)\(self == .symfonium ? "&f=json" : "")&\(query)"
    }

    /// Whether an answer to a call says that it was carried out.
    func isRight(_ answer: String) -> Bool { answer.contains(self == .symfonium ? #""status":"ok""# : #"status="ok""#) }
}
