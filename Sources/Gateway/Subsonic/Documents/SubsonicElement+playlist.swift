import Locker

extension SubsonicElement {
    /// - Parameter owner: the name of its account.
    init(_ playlist: Playlist, owner: String) {
        self.init(capacity: 14)
        add("id", playlist.id)
        add("name", playlist.name)
        add("comment", playlist.comment)
        add("owner", owner)
        add("public", false)
        add("songCount", playlist.tracks)
        add("duration", Int(clamping: playlist.duration.rounded()))
        add("created", SubsonicTime.text(playlist.created))
        add("changed", SubsonicTime.text(playlist.changed))
        add("coverArt", playlist.tracks > 0 ? playlist.id : nil)
        // Its songs follow rules, and any play may change them: `validUntil` would promise more than that.
        add("readonly", playlist.rules != nil)
        add("allowedUser", .list([] as [SubsonicValue]))
    }
}
