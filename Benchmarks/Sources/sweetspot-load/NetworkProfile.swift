import Foundation

/// What a phone's network carries, as it is seen from the phone.
struct NetworkProfile: Sendable, Hashable {
    let name: String
    /// bit/s.
    let rate: Double
    /// Seconds from a request to its answer, besides the server's.
    let latency: Double

    static let all = [
        NetworkProfile(name: "2g", rate: 50e3, latency: 0.6), NetworkProfile(name: "edge", rate: 180e3, latency: 0.3),
        NetworkProfile(name: "3g", rate: 1.5e6, latency: 0.12), NetworkProfile(name: "4g", rate: 12e6, latency: 0.05),
        NetworkProfile(name: "wifi", rate: 40e6, latency: 0.01), NetworkProfile(name: "lan", rate: 1e10, latency: 0)
    ]

    init(name: String, rate: Double, latency: Double) {
        (self.name, self.rate, self.latency) = (name, rate, latency)
    }

    init?(_ name: String) {
        guard let known = Self.all.first(where: { $0.name == name }) else { return nil }
        self = known
    }
}

/// When bytes that have come in may be looked at, so that they come no faster than the network: a debt of time.
struct Link: Sendable {
    var profile: NetworkProfile
    private var free: Double = 0

    init(_ profile: NetworkProfile) { self.profile = profile }

    /// Seconds to wait before `bytes` are there; small debts are left to add up.
    mutating func delay(_ bytes: Int, now: Double) -> Double {
        free = max(free, now) + Double(bytes) * 8 / profile.rate
        return free - now > 0.02 ? free - now : 0
    }
}
