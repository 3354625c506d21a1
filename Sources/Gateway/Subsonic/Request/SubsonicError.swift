/// A failure of an endpoint of Subsonic, in the protocol's own words.
struct SubsonicError: Error, Hashable {
    /// https://opensubsonic.netlify.app/docs/responses/error/
    enum Code: Int {
        case generic = 0
        /// A parameter is missing, or is not what it has to be.
        case parameter = 10
        case clientTooOld = 20
        case serverTooOld = 30
        case wrongCredentials = 40
        case tokensUnsupported = 41
        case mechanismUnsupported = 42
        case conflictingMechanisms = 43
        case invalidKey = 44
        case notAuthorised = 50
        case trialOver = 60
        case notFound = 70
    }

    var code: Code
    var message: String
    /// Seconds to wait before another attempt, which `Retry-After` says.
    var wait: Int?

    init(_ code: Code, _ message: String) { (self.code, self.message) = (code, message) }

    static let notFound = SubsonicError(.notFound, "not found")
    /// The one answer to a wrong name, a wrong password and a wrong token.
    static let wrongCredentials = SubsonicError(.wrongCredentials, "wrong username or password")

    static func missing(_ name: String) -> SubsonicError { SubsonicError(.parameter, "the parameter \(name) is missing") }
}
