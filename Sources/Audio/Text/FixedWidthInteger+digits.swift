/// Inlinable, since every answer from memory reads its range with it, from another module: run there as generic code it took a quarter of
/// an answer of 4 KiB.
extension FixedWidthInteger {
    /// The number that ASCII digits write; nil for none of them, for anything else among them, and for what does not fit.
    ///
    /// The grammars of HTTP, tus and CMCD are `1*DIGIT`; `Int(_:)` takes a sign too.
    @inlinable public init?(digits text: some StringProtocol) { self.init(digits: text.utf8) }

    /// The same of bytes.
    @inlinable public init?(digits bytes: some Sequence<UInt8>) {
        guard let (value, isExact) = Self.reading(bytes), isExact else { return nil }
        self = value
    }

    /// The same where what does not fit counts as the largest number.
    @inlinable public init?(clampingDigits bytes: some Sequence<UInt8>) {
        guard let (value, isExact) = Self.reading(bytes) else { return nil }
        self = isExact ? value : .max
    }

    @inlinable static func reading(_ bytes: some Sequence<UInt8>) -> (value: Self, isExact: Bool)? {
        var (value, isExact, isEmpty): (Self, Bool, Bool) = (0, true, true)
        for byte in bytes {
            guard (0x30...0x39).contains(byte) else { return nil }
            isEmpty = false
            let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = tens.addingReportingOverflow(Self(truncatingIfNeeded: byte - 0x30))
            if overflow || carry { isExact = false }
            value = sum
        }
        return isEmpty ? nil : (value, isExact)
    }
}
