import NIOCore

/// Who a request comes from, and what it was sent to, as seen from outside: past the proxies that are trusted.
///
/// What counts, logs or answers by address, scheme or host reads it here and nowhere else.
struct Client: Sendable, Hashable {
    /// Nil for a peer that has none.
    var address: IPAddress?
    /// Whether it speaks TLS to the outermost proxy that is trusted. This server itself speaks none.
    var isTLS = false
    /// The host it named, with its port where it named one. Not one that a check may rely on: see ``HostCheck``.
    var host: String?

    init(address: IPAddress?, isTLS: Bool = false, host: String? = nil) {
        self.address = address
        self.isTLS = isTLS
        self.host = host
    }
}
