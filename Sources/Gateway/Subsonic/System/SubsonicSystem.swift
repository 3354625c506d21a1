/// What clients ask first: whether the server answers, and what it can do.
struct SubsonicSystem: Sendable {
    /// Extensions of OpenSubsonic, with their versions.
    private static let extensions: [(name: String, versions: [Int])] = [
        ("apiKeyAuthentication", [1]), ("formPost", [1]), ("indexBasedQueue", [1]), ("playbackReport", [1]),
        ("songLyrics", [1, 2]), ("sonicSimilarity", [1]),
        ("topSongsByArtistId", [1]), ("transcodeOffset", [1]), ("transcoding", [1])
    ]

    func add(to endpoints: inout SubsonicEndpoints) {
        endpoints.route("ping", scope: .anyKey) { _, _ in .ok }
        endpoints.route("getLicense", scope: .anyKey) { _, _ in SubsonicAnswer("license", ["valid": true]) }
        endpoints.open("getOpenSubsonicExtensions") { _ in
            let list = Self.extensions.map { name, versions -> SubsonicElement in
                ["name": .text(name), "versions": .list(versions.map(SubsonicValue.number))]
            }
            return SubsonicAnswer("openSubsonicExtensions", .list(list))
        }
    }
}
