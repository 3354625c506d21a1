import Testing

@testable import Gateway

@Suite("Guesses of passwords")
struct LoginThrottleTests {
    private let start = ContinuousClock.now

    private func attempt(_ address: String, _ account: Int64, isKnown: Bool = false) -> LoginAttempt {
        LoginAttempt(network: IPAddress(address)?.network, name: .account(account), isFromKnownAddress: isKnown)
    }

    private func isLetIn(_ throttle: LoginThrottle, _ attempt: LoginAttempt, after time: Duration = .zero) -> Bool {
        if case .goAhead = throttle.begin(attempt, now: start + time) { true } else { false }
    }

    @Test("A guesser waits, at one address and at one account")
    func limits() {
        let throttle = LoginThrottle()
        for _ in 0..<LoginThrottle.free { #expect(isLetIn(throttle, attempt("192.0.2.1", 1))) }
        #expect(!isLetIn(throttle, attempt("192.0.2.1", 2)) && !isLetIn(throttle, attempt("192.0.2.2", 1)))
        #expect(isLetIn(throttle, attempt("192.0.2.2", 2)))
        #expect(isLetIn(throttle, attempt("192.0.2.1", 3), after: LoginThrottle.forgetting))
        #expect(!isLetIn(throttle, attempt("192.0.2.1", 3), after: LoginThrottle.forgetting))
        guard case .wait(let wait) = throttle.begin(attempt("192.0.2.2", 1), now: start) else {
            Issue.record("it need not wait")
            return
        }
        #expect(wait == LoginThrottle.forgetting)
    }

    @Test("A guesser is not forgiven for logging in to an account of its own after every six guesses")
    func ownSuccess() {
        let throttle = LoginThrottle()
        var guesses = 0
        for _ in 0..<10 {
            for _ in 0..<6 where isLetIn(throttle, attempt("192.0.2.1", 1)) { guesses += 1 }
            let own = attempt("192.0.2.1", 2, isKnown: true)
            if isLetIn(throttle, own) { throttle.succeeded(own, now: start) }
        }
        #expect(guesses == LoginThrottle.free)
        // An owner's slips are.
        let slip = attempt("192.0.2.7", 3)
        for _ in 0..<7 { #expect(isLetIn(throttle, slip)) }
        #expect(isLetIn(throttle, slip))
        throttle.succeeded(slip, now: start)
        for _ in 0..<8 { #expect(isLetIn(throttle, slip)) }
    }

    @Test("Guesses do not keep the owner out at a known address, and that address is no way round the limit")
    func knownAddress() {
        let throttle = LoginThrottle()
        for number in 0..<20 { _ = throttle.begin(attempt("192.0.2.\(number)", 1), now: start) }
        #expect(!isLetIn(throttle, attempt("198.51.100.1", 1)))
        let owner = attempt("198.51.100.1", 1, isKnown: true)
        #expect(isLetIn(throttle, owner))
        throttle.succeeded(owner, now: start)
        // Behind an address that all share, too.
        for account in 5..<13 { _ = throttle.begin(attempt("198.51.100.1", Int64(account)), now: start) }
        #expect(!isLetIn(throttle, attempt("198.51.100.1", 20)) && isLetIn(throttle, owner))
        throttle.succeeded(owner, now: start)
        for _ in 0..<LoginThrottle.free { #expect(isLetIn(throttle, owner)) }
        #expect(!isLetIn(throttle, owner))
        // What a known address fails does not shut others out.
        let other = attempt("198.51.100.2", 9, isKnown: true)
        for _ in 0..<20 { _ = throttle.begin(other, now: start) }
        #expect(isLetIn(throttle, attempt("203.0.113.1", 9)))
    }

    @Test("Guesses are counted by the /64 in IPv6, and by the account however its name is spelled")
    func identities() {
        let throttle = LoginThrottle()
        for number in 0..<LoginThrottle.free { #expect(isLetIn(throttle, attempt("2001:db8::\(number)", Int64(number)))) }
        #expect(!isLetIn(throttle, attempt("2001:db8::ffff:1", 99)) && isLetIn(throttle, attempt("2001:db8:0:1::1", 99)))
        #expect(LoginAttempt.Name(account: 5, name: "Ada") == LoginAttempt.Name(account: 5, name: "ada"))
        #expect(LoginAttempt.Name(account: nil, name: "Eve") == LoginAttempt.Name(account: nil, name: "EVE"))
        #expect(LoginAttempt.Name(account: nil, name: "eve") != LoginAttempt.Name(account: nil, name: "eva"))
    }

    @Test("Guesses fill the table and not the memory, and do not push out those that guessed more")
    func bounds() {
        let throttle = LoginThrottle()
        for _ in 0..<LoginThrottle.free { _ = throttle.begin(attempt("192.0.2.1", 1), now: start) }
        for number in 0..<30_000 {
            _ = throttle.begin(
                attempt("10.\(number >> 16).\(number >> 8 & 255).\(number & 255)", Int64(100 + number)), now: start)
        }
        #expect(!isLetIn(throttle, attempt("192.0.2.1", 2)) && !isLetIn(throttle, attempt("192.0.2.2", 1)))
    }

    @Test("An attempt that was withdrawn does not count")
    func withdrawn() {
        let throttle = LoginThrottle()
        for _ in 0..<100 {
            #expect(isLetIn(throttle, attempt("192.0.2.1", 1)))
            throttle.withdrawn(attempt("192.0.2.1", 1), now: start)
        }
    }
}

@Suite("The queue for the one thread that checks passwords")
struct PasswordQueueTests {
    private func claim(_ address: String, failures: Double = 0, isKnown: Bool = false) -> PasswordQueue.Claim {
        .init(isKnown: isKnown, failures: failures, neighbourhood: IPAddress(address)?.neighbourhood)
    }

    @Test("Known addresses go first, then those that failed least, then the earliest")
    func order() {
        var queue = PasswordQueue()
        let claims = [
            claim("192.0.2.1"), claim("192.0.2.1", failures: 5), claim("192.0.3.1", failures: 1), claim("192.0.4.1"),
            claim("192.0.5.1", failures: 9, isKnown: true), claim("192.0.6.1")
        ]
        for (ticket, claim) in claims.enumerated() {
            let turn = queue.enter(UInt64(ticket), claim)
            #expect(turn.begins == (ticket == 0 ? 0 : nil) && turn.leaves == nil)
        }
        #expect(queue.leave(2) && !queue.leave(2) && !queue.leave(0))
        #expect((0..<5).map { _ in queue.next() } == [4, 3, 5, 1, nil])
        #expect(!queue.isBusy && queue.enter(9, claims[0]).begins == 9)
    }

    @Test("A thousand requests from one neighbourhood wait behind one from elsewhere, and take no place from it")
    func neighbourhoods() {
        var queue = PasswordQueue()
        var left: [UInt64] = []
        for ticket in 0..<1000 as Range<UInt64> {
            if let leaver = queue.enter(ticket, claim("2001:db8:1:\(ticket)::1")).leaves { left.append(leaver) }
        }
        #expect(left.count == 1000 - 1 - PasswordQueue.places)
        #expect(queue.enter(1000, claim("192.0.2.1")).leaves != 1000)
        #expect(queue.enter(1001, claim("192.0.2.9", isKnown: true)).leaves != 1001)
        #expect(queue.next() == 1001)
        #expect([queue.next(), queue.next()].contains(1000))
    }

    @Test("Forty addresses that guess take no place from a known address, nor from one that has not failed")
    func fortyAddresses() {
        var queue = PasswordQueue()
        var ticket: UInt64 = 0
        for round in 0..<8 {
            for address in 0..<40 {
                ticket += 1
                _ = queue.enter(ticket, claim("198.\(address).0.1", failures: Double(round)))
            }
        }
        let (known, fresh) = (
            queue.enter(1001, claim("192.0.2.1", failures: 3, isKnown: true)), queue.enter(1002, claim("192.0.9.1"))
        )
        #expect(known.leaves != 1001 && known.leaves != nil && fresh.leaves != 1002 && fresh.leaves != nil)
        #expect(queue.next() == 1001)
        let next = (0..<41).map { _ in queue.next() }
        #expect(next.contains(1002))
    }
}
