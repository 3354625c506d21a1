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

    func add(to routes: inout Routes) {
        var endpoints = SubsonicEndpoints(credentials)
        SubsonicSystem(catalogue: catalogue).add(to: &endpoints)
        endpoints.add(to: &routes)
    }
}
