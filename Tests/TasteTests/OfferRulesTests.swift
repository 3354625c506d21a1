import Testing

@testable import Taste

@Suite("Which offer an account is shown")
struct OfferRulesTests {
    private static let today = 20_000
    private let rules = OfferRules()
    private let taste = OfferTaste(
        artists: ["a": 1, "b": 0.3, "rare": 0.01], tags: ["rock": 0.6, "folk": 0.01], others: ["c": 0.9, "d": 0.1])

    private func offer(
        _ id: String, artists: [String] = [], tags: [String] = [], regions: [String] = [], days: ClosedRange<Int> = 0...Int.max,
        plan: String? = nil
    ) -> OfferTraits {
        OfferTraits(id: id, artists: artists.map { [$0] }, tags: tags, regions: regions, days: days, plan: plan)
    }

    private func pick(
        _ offers: [OfferTraits], _ rules: OfferRules? = nil, after history: OfferHistory = OfferHistory(), plan: String? = nil,
        on day: Int = today, salt: UInt64 = 1
    ) -> OfferPick? {
        (rules ?? self.rules).pick(from: offers, for: taste, after: history, plan: plan, on: day, salt: salt)
    }

    @Test("An artist of one's own comes first, then one that others like, then a genre, then what is for everyone")
    func order() {
        let offers = [
            offer("general"), offer("tag", tags: ["none", "rock"]), offer("other", artists: ["c"]),
            offer("weak", artists: ["b"]), offer("own", artists: ["x", "a"])
        ]
        #expect(pick(offers) == OfferPick(offer: 4, reason: .artist(1)))
        #expect(pick(Array(offers.prefix(4))) == OfferPick(offer: 3, reason: .artist(0)))
        #expect(pick(Array(offers.prefix(3))) == OfferPick(offer: 2, reason: .taste))
        #expect(pick(Array(offers.prefix(2))) == OfferPick(offer: 1, reason: .tag(1)))
        #expect(pick(Array(offers.prefix(1))) == OfferPick(offer: 0, reason: .general))
    }

    @Test("What names artists or tags and fits none is not shown, nor what hardly fits: the card stays empty")
    func floor() {
        for unfit in [
            offer("1", artists: ["x"]), offer("2", artists: ["rare"]), offer("3", tags: ["folk"]), offer("4", artists: ["d"])
        ] {
            #expect(pick([unfit]) == nil, "\(unfit.id)")
        }
        #expect(pick([]) == nil)
    }

    @Test("Only in its days and its region, and not for the plan that the account has")
    func bounds() {
        #expect(pick([offer("1", days: 0...Self.today - 1)]) == nil && pick([offer("1", days: Self.today + 1...Int.max)]) == nil)
        #expect(pick([offer("1", days: Self.today...Self.today)]) != nil)
        let (german, bavarian) = ([offer("1", regions: ["AT", "DE"])], [offer("1", regions: ["DE-BY"])])
        #expect(pick(german) == nil)
        #expect(pick(german, OfferRules(region: "DE")) != nil && pick(german, OfferRules(region: "DE-BY")) != nil)
        #expect(pick(bavarian, OfferRules(region: "DE")) == nil && pick(bavarian, OfferRules(region: "DE-BY")) != nil)
        #expect(pick([offer("1", regions: ["D"])], OfferRules(region: "DE")) == nil)
        #expect(pick([offer("1", plan: "plus")], plan: "plus") == nil && pick([offer("1", plan: "plus")], plan: "free") != nil)
    }

    @Test("The day's offer stays for the day, whatever comes; once dismissed it has no successor until tomorrow")
    func day() {
        let offers = [offer("weak", artists: ["b"]), offer("own", artists: ["a"])]
        var history = OfferHistory(shown: [Self.today: "weak"])
        #expect(pick(offers, after: history)?.offer == 0)
        history.dismissed = ["weak"]
        #expect(pick(offers, after: history) == nil && !rules.allows(history, on: Self.today))
        #expect(pick(offers, after: history, on: Self.today + 1)?.offer == 1)
        // An offer that is gone from the feed.
        #expect(pick([offers[1]], after: OfferHistory(shown: [Self.today: "weak"])) == nil)
    }

    @Test("On three days of any seven, and the same one on three days of ninety: simulated for half a year")
    func caps() {
        let offers = (0..<12).map { offer("\($0)") } + [offer("own", artists: ["a"])]
        var history = OfferHistory()
        for day in Self.today..<Self.today + 180 {
            guard let found = pick(offers, after: history, on: day) else { continue }
            history.shown[day] = offers[found.offer].id
        }
        for day in Self.today..<Self.today + 180 {
            #expect(history.shown.keys.count { (day - 6...day).contains($0) } <= 3)
            var times: [String: Int] = [:]
            for (shown, id) in history.shown where (day - 89...day).contains(shown) { times[id, default: 0] += 1 }
            #expect(times.values.allSatisfy { $0 <= 3 })
        }
        #expect(history.shown[Self.today] == "own" && history.shown.count > 60)
        #expect(Set(history.shown.values).count == 13, "\(history.shown)")
        #expect(pick(offers, OfferRules(perWeek: 0)) == nil)
    }

    @Test("Equals are spread over accounts and days, and asked again they are the same, in any order of the feed")
    func equals() {
        let offers = (0..<5).map { offer("offer-\($0)") }
        let firsts = (0..<200 as Range<UInt64>).map { salt in pick(offers, salt: salt).map { offers[$0.offer].id } }
        #expect(firsts == (0..<200 as Range<UInt64>).map { salt in pick(offers, salt: salt).map { offers[$0.offer].id } })
        let turned = Array(offers.reversed())
        #expect(firsts == (0..<200 as Range<UInt64>).map { salt in pick(turned, salt: salt).map { turned[$0.offer].id } })
        for offer in offers { #expect((15...80).contains(firsts.count { $0 == offer.id })) }
        #expect(Set((0..<50).map { pick(offers, on: Self.today + $0)?.offer }).count == 5)
    }

    @Test("A price is nothing that ranking knows: offers that differ in what else they have are equal to it")
    func price() {
        let labels = Mirror(reflecting: offer("1")).children.compactMap(\.label)
        #expect(Set(labels) == ["id", "artists", "tags", "regions", "days", "plan"])
    }

    @Test("Numbers that are none trap nothing")
    func hostile() {
        let odd = OfferTaste(artists: ["a": .nan, "b": .infinity], tags: ["rock": -.infinity], others: ["c": -.nan])
        for offer in [offer("1", artists: ["a"]), offer("2", artists: ["b", "c"]), offer("3", tags: ["rock"])] {
            #expect(rules.pick(from: [offer], for: odd, after: OfferHistory(), on: Self.today) == nil)
        }
        let far = OfferHistory(shown: [Int.max - 1: "1", Int.min + 100: "2"])
        _ = rules.pick(from: [offer("1")], for: odd, after: far, on: Self.today)
        #expect(OfferRules(perWeek: .max, perOffer: .min) == OfferRules(perWeek: 7, perOffer: 0))
    }
}
