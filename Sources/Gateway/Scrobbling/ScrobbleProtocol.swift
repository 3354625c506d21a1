import Foundation
import Locker
import NIOHTTP1

/// A request to a service, as plain data.
struct ScrobbleRequest: Sendable, Equatable {
    var method = HTTPMethod.POST
    var url: String
    var fields: [(String, String)] = []
    var body: [UInt8] = []

    static func == (left: ScrobbleRequest, right: ScrobbleRequest) -> Bool {
        left.method == right.method && left.url == right.url && left.body == right.body
            && left.fields.map { "\($0.0): \($0.1)" } == right.fields.map { "\($0.0): \($0.1)" }
    }
}

/// What an answer of a service means.
enum ScrobbleVerdict: Sendable, Equatable {
    case taken
    /// The token is not valid, or no longer.
    case badToken
    /// The plays are none that the service takes: another try is answered alike.
    case refused
    /// Another try may be answered otherwise.
    ///
    /// - Parameter after: seconds, if the service says how many.
    case later(after: Int?)
}

/// The words of a service's API. Nothing here has a socket or a clock.
protocol ScrobbleProtocol: Sendable {
    var service: ScrobbleService { get }
    /// As people know it.
    var title: String { get }
    /// Plays in one request.
    var most: Int { get }

    func submission(of plays: [ScrobbledPlay], token: String) throws -> ScrobbleRequest
    func verdict(status: Int, fields: HTTPHeaders, body: [UInt8]) -> ScrobbleVerdict

    /// Asks whose a token is; a token that a listener gives may have to be exchanged for a lasting one.
    func introduction(token: String) -> ScrobbleRequest
    /// The listener's name and the lasting token; nil if the given one is none.
    ///
    /// - Throws: if the answer is not the service's.
    func introduced(token: String, status: Int, body: [UInt8]) throws -> (name: String, token: String)?
}

/// An answer that the service's API does not have.
struct UnknownAnswer: Error {}
