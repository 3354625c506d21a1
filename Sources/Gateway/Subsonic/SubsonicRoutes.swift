import Crypto
import Hummingbird
import Locker
import Streaming

/// `/rest`: the protocol of Subsonic 1.16.1 with OpenSubsonic's extensions, for the players of phones and desktops.
///
/// https://opensubsonic.netlify.app/docs/ has its description; `Subsonic.md` says what is different here.
struct SubsonicRoutes: Sendable {
    let catalogue: Catalogue
    let media: Media
    let credentials: SubsonicCredentials
    let imports: ImportProgressBoard
    let suggestions: Suggestions
    /// The key that tickets and the links of shares are made with.
    let ticketKey: SymmetricKey

    func add(to routes: inout Routes) {
        var endpoints = SubsonicEndpoints(credentials)
        SubsonicSystem().add(to: &endpoints)
        SubsonicScan(catalogue: catalogue, imports: imports).add(to: &endpoints)
        SubsonicAbsent().add(to: &endpoints)
        SubsonicBrowsing(catalogue: catalogue).add(to: &endpoints)
        SubsonicInfo(catalogue: catalogue, suggestions: suggestions, ticketKey: ticketKey).add(to: &endpoints)
        SubsonicSound(catalogue: catalogue, suggestions: suggestions).add(to: &endpoints)
        SubsonicLyrics(catalogue: catalogue).add(to: &endpoints)
        SubsonicLists(catalogue: catalogue).add(to: &endpoints)
        SubsonicSearch(catalogue: catalogue).add(to: &endpoints)
        SubsonicPlaylists(catalogue: catalogue).add(to: &endpoints)
        SubsonicMarks(catalogue: catalogue).add(to: &endpoints)
        SubsonicPlays(catalogue: catalogue, board: NowPlayingBoard()).add(to: &endpoints)
        SubsonicQueue(catalogue: catalogue).add(to: &endpoints)
        SubsonicShares(catalogue: catalogue, key: ticketKey).add(to: &endpoints)
        SubsonicUsers(catalogue: catalogue).add(to: &endpoints)
        let files = SubsonicMedia(catalogue: catalogue, media: media, ticketKey: ticketKey)
        files.add(to: &endpoints)
        SubsonicTranscoding(media: files).add(to: &endpoints)
        SubsonicCovers(catalogue: catalogue, media: media).add(to: &endpoints)
        endpoints.add(to: &routes)
    }
}
