import Locker
import ServiceLifecycle

/// Lets the catalogue notice changes by other processes while the server runs: if the command line removes a track, its
/// streams end.
struct ChangeWatch: Service {
    let catalogue: Catalogue

    func run() async throws {
        await untilShutdown { await catalogue.followChanges() }
    }
}
