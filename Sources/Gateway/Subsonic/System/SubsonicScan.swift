import Locker

/// The import of a music folder, which the server follows by itself.
struct SubsonicScan: Sendable {
    let catalogue: Catalogue
    let imports: ImportProgressBoard

    func add(to endpoints: inout SubsonicEndpoints) {
        for name in ["getScanStatus", "startScan"] {
            endpoints.route(name, scope: .library) { _, account in
                let count = try await catalogue.account(id: account)?.tracks ?? 0
                return SubsonicAnswer("scanStatus", ["scanning": .flag(!imports.state.isReady), "count": .number(count)])
            }
        }
    }
}
