import Taste
import TestSupport

/// Made-up listening: groups of accounts that like the same part of the items.
struct RandomListening {
    var rows: [Preference] = []
    let accounts: Int32
    let items: Int32

    init(accounts: Int32 = 120, items: Int32 = 300, each: Int = 25, seed: UInt64) {
        self.accounts = accounts
        self.items = items
        var generator = SeededGenerator(seed: seed)
        for account in 0..<accounts {
            for _ in 0..<Int.random(in: 4...2 * each, using: &generator) {
                let part = Int32.random(in: 0..<items, using: &generator) / 4 * 4 + account % 4
                let item = Bool.random(using: &generator) ? part % items : Int32.random(in: 0..<items, using: &generator) / 3
                rows.append(Preference(account: account, item: item, weight: Float.random(in: 0.1...4, using: &generator)))
            }
        }
    }
}
