import Locker

/// What a locker of music does not have: podcasts, radio, a jukebox, chat, videos, pictures of people. Lists of it are empty, and
/// changes are refused, so that clients that ask for it at their start go on.
struct SubsonicAbsent: Sendable {
    func add(to endpoints: inout SubsonicEndpoints) {
        let empty = SubsonicValue.list([] as [SubsonicValue])
        let lists: [(name: String, member: StaticString, item: StaticString)] = [
            ("getPodcasts", "podcasts", "channel"), ("getNewestPodcasts", "newestPodcasts", "episode"),
            ("getInternetRadioStations", "internetRadioStations", "internetRadioStation"),
            ("getChatMessages", "chatMessages", "chatMessage"), ("getVideos", "videos", "video")
        ]
        for (name, member, item) in lists {
            endpoints.route(name, scope: .library) { _, _ in SubsonicAnswer(member, [item: empty]) }
        }
        let changes: [(name: String, required: [String])] = [
            ("refreshPodcasts", []), ("createPodcastChannel", ["url"]), ("createInternetRadioStation", ["streamUrl", "name"]),
            ("addChatMessage", ["message"]), ("jukeboxControl", ["action"])
        ]
        for (name, required) in changes {
            endpoints.route(name, scope: .library) { request, _ in
                for parameter in required { _ = try request.text(parameter) }
                throw SubsonicError(.notAuthorised, "this server has music only")
            }
        }
        let things: [(name: String, required: [String])] = [
            ("deletePodcastChannel", ["id"]), ("deletePodcastEpisode", ["id"]), ("downloadPodcastEpisode", ["id"]),
            ("getPodcastEpisode", ["id"]), ("updateInternetRadioStation", ["id", "streamUrl", "name"]),
            ("deleteInternetRadioStation", ["id"]), ("getVideoInfo", ["id"]), ("getCaptions", ["id"]),
            ("getAvatar", ["username"])
        ]
        for (name, required) in things {
            endpoints.route(name, scope: .library) { request, _ in
                for parameter in required { _ = try request.text(parameter) }
                throw SubsonicError(.notFound, "this server has music only")
            }
        }
    }
}
