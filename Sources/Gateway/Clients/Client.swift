import NIOCore

/// The sender of a request and its target, as seen from outside: past the trusted proxies.
///
/// All code that counts, logs or answers by address, scheme or host reads them here.
struct Client: Sendable, Hashable {
    /// Nil for a peer without an address.
    var address: IPAddress?
    /// Whether it uses TLS to the outermost trusted proxy. This server itself has no TLS.
    var isTLS = false
    /// The host it named, with its port if it named one. Checks must not rely on it: see ``HostCheck``.
    var host: String?

    init(address: IPAddress?, isTLS: Bool = false, host: String? = nil) {
        self.address = address
        self.isTLS = isTLS
        self.host = host
    }
}
