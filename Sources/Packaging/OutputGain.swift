/// The gain that an Opus decoder applies to its output (RFC 7845 §5.1): dB in steps of 1/256.
public struct OutputGain: Sendable, Hashable {
    /// dB. What silences a track, and what makes one of the quietest as loud as the others.
    public static let range = -60.0...12.0
    public static let none = OutputGain(value: 0)

    /// In 1/256 dB: the fixed-point format Q7.8.
    public let value: Int16

    private init(value: Int16) { self.value = value }

    /// A gain in dB as a decimal text, rounded to the nearest step: `-6.2`. Nil if `text` has another form than `-6.2`, `-6` and
    /// `6.25`, with at most four decimals, or is out of ``range``.
    public init?(decibels text: some StringProtocol) {
        var rest = Array(text.utf8)[...]
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative { rest.removeFirst() }
        func takeDigits(_ most: Int) -> Int? {
            let digits = rest.prefix { (0x30...0x39).contains($0) }
            guard (1...most).contains(digits.count) else { return nil }
            rest.removeFirst(digits.count)
            return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
        }
        guard let whole = takeDigits(2) else { return nil }
        var decibels = Double(whole)
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            let count = rest.count
            guard let decimals = takeDigits(4) else { return nil }
            var unit = 1.0
            for _ in 0..<count { unit *= 10 }
            decibels += Double(decimals) / unit
        }
        if isNegative { decibels = -decibels }
        guard rest.isEmpty, Self.range.contains(decibels) else { return nil }
        value = Int16((decibels * 256).rounded())
    }
}
