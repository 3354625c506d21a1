import Crypto

/// Random numbers that who has the key gets again, and which nobody else can tell from others: HMAC-SHA256 of a label and a counter.
struct KeyedNumbers: RandomNumberGenerator {
    private let key: SymmetricKey
    private let label: [UInt8]
    private var block: UInt64 = 0
    private var waiting: [UInt64] = []

    init(key: SymmetricKey, label: String) { (self.key, self.label) = (key, Array(label.utf8)) }

    mutating func next() -> UInt64 {
        if waiting.isEmpty {
            let counter = (0..<8).map { UInt8(truncatingIfNeeded: block >> ($0 * 8)) }
            block &+= 1
            let code = Array(HMAC<SHA256>.authenticationCode(for: counter + label, using: key))
            waiting = stride(from: 0, to: code.count, by: 8).map { start in
                code[start..<min(start + 8, code.count)].reduce(0) { $0 << 8 | UInt64($1) }
            }
        }
        return waiting.popLast() ?? 0
    }
}
