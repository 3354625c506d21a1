import Foundation
import Locker
import Logging
import ServiceLifecycle

/// Tells services what accounts play, by the accounts' own tokens. What is to be told is in the catalogue, so nothing is lost over
/// a restart, and nothing that plays waits for it.
struct Scrobbling: Service {
    private static let longestPause = Duration.seconds(3600)

    let catalogue: Catalogue
    let seal: AppPasswordSeal
    let protocols: [any ScrobbleProtocol]
    let client: ScrobbleClient
    let pace: ScrobblePace
    let logger: Logger

    func run() async throws {
        await untilShutdown(pausing: pace.interval, logger, onError: "plays not sent on", pass)
        await client.shutdown()
    }

    /// Sends what is due. A service that does not answer is left alone until the next pass.
    @Sendable func pass() async throws {
        for words in protocols {
            accounts: for account in try await catalogue.scrobblersDue(for: words.service) {
                while let batch = try await catalogue.scrobbles(
                    for: words.service, account: account, limit: words.most, seal: seal)
                {
                    try Task.checkCancellation()
                    guard let isAnswered = try await send(batch, words) else { break }
                    if !isAnswered { break accounts }
                }
            }
        }
    }

    /// Returns whether the service answered; nil if nothing more is to be sent for this account now.
    private func send(_ batch: ScrobbleBatch, _ words: any ScrobbleProtocol) async throws -> Bool? {
        guard let token = batch.token else {
            try await stop(batch, "the token cannot be read any more: give it again")
            return nil
        }
        switch await verdict(of: batch.plays, token, words) {
        case .taken:
            try await catalogue.endScrobbles(
                batch.plays, taken: batch.plays.count, for: batch.service, account: batch.account)
        case .badToken:
            try await stop(batch, "\(words.title) does not take the token any more: give another one")
            return nil
        case .refused:
            // One play may be the reason for all.
            for play in batch.plays {
                let single = batch.plays.count > 1 ? await verdict(of: [play], token, words) : .refused
                guard single == .taken || single == .refused else {
                    try await postpone(batch, after: nil)
                    return nil
                }
                try await catalogue.endScrobbles(
                    [play], taken: single == .taken ? 1 : 0, for: batch.service, account: batch.account)
                if single == .refused { logger.warning("a play is not taken", metadata: ["service": "\(words.title)"]) }
            }
        case .later(let seconds):
            try await postpone(batch, after: seconds)
            return seconds == nil ? false : nil
        }
        return true
    }

    private func verdict(of plays: [ScrobbledPlay], _ token: String, _ words: any ScrobbleProtocol) async -> ScrobbleVerdict {
        do {
            let answer = try await client.send(words.submission(of: plays, token: token))
            return words.verdict(status: answer.status, fields: answer.fields, body: answer.body)
        } catch {
            return .later(after: nil)
        }
    }

    private func postpone(_ batch: ScrobbleBatch, after seconds: Int?) async throws {
        let doubled = pace.firstPause * (1 << min(batch.failures, 10))
        let pause = min(seconds.map { .seconds(max(1, $0)) } ?? doubled, Self.longestPause)
        let due = catalogue.time + Int(pause / .milliseconds(1))
        try await catalogue.postponeScrobbles(until: due, for: batch.service, account: batch.account)
    }

    private func stop(_ batch: ScrobbleBatch, _ fault: String) async throws {
        try await catalogue.stopScrobbles(for: batch.service, account: batch.account, fault: fault)
        logger.warning("plays are not sent on", metadata: ["account": "\(batch.account)", "reason": "\(fault)"])
    }
}

/// How often plays are looked for and sent again. Not options: tests cannot wait for a minute.
package struct ScrobblePace: Sendable {
    package var interval = Duration.seconds(20)
    /// The pause after the first failure; each further one doubles it.
    package var firstPause = Duration.seconds(30)

    package init() {}
}
