internal import Crypto

/// The order by chance of one playlist on one day.
struct SmartChance {
    /// 2^31 - 1: products of two numbers below it fit into 63 bits.
    static let prime = 2_147_483_647

    let slope: Int
    let start: Int

    init(playlist: String, day: Int) {
        let digest = Array(SHA256.hash(data: Array("\(playlist) \(day)".utf8)))
        func number(_ place: Int) -> Int { digest[place..<place + 6].reduce(0) { $0 << 8 | Int($1) } }
        (slope, start) = (1 + number(0) % (Self.prime - 1), number(6) % Self.prime)
    }

    /// The place in the order of the track that was added at this time.
    func place(of added: Int) -> Int {
        let line = (added % Self.prime * slope + start) % Self.prime
        return line * line % Self.prime * line % Self.prime
    }
}
