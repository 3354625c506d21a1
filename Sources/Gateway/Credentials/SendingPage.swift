import HTTPTypes

/// The page that a browser sends a request for, by what the browser says of it. Programs say nothing.
struct SendingPage {
    /// Whether it is a page of the origin that the request is for, or a person sends it without a page (W3C Fetch Metadata §2.3);
    /// nil if the browser does not say.
    ///
    /// Another port of a machine belongs to another program, but browsers call it the same site: so `same-site` is as foreign as
    /// `cross-site`.
    let isOwn: Bool?
    private let origins: [String]

    init(_ headers: HTTPFields) {
        let sites = headers[values: .fetchSite]
        isOwn = sites.isEmpty ? nil : sites.allSatisfy { ["same-origin", "none"].contains($0) }
        origins = headers[values: .origin]
    }

    /// Whether the origin is one of these hosts (RFC 6454 §7), or is not said.
    ///
    /// - Parameter hosts: each with its port, as in `Host`.
    func isOf(_ hosts: [String], schemes: [String]) -> Bool {
        origins.allSatisfy { origin in
            let origin = origin.lowercased()
            guard let scheme = schemes.first(where: { origin.hasPrefix($0 + "://") }) else { return false }
            let own = Self.withoutDefaultPort(origin.dropFirst(scheme.count + 3), scheme)
            return hosts.contains { Self.withoutDefaultPort($0.lowercased(), scheme) == own }
        }
    }

    private static func withoutDefaultPort(_ authority: some StringProtocol, _ scheme: String) -> String {
        for suffix in [scheme == "https" ? ":443" : ":80", ":"] where authority.hasSuffix(suffix) {
            return String(authority.dropLast(suffix.count))
        }
        return String(authority)
    }
}
