/// Inlinable because every answer from memory parses its range with it from another module: as unspecialised generic code it took
/// a quarter of an answer of 4 KiB.
extension FixedWidthInteger {
    /// The number that ASCII digits write. Returns nil if there are none, if another character is among them, or if the number
    /// does not fit.
    ///
    /// The grammars of HTTP, tus and CMCD are `1*DIGIT`; `Int(_:)` takes a sign too.
    @inlinable public init?(digits text: some StringProtocol) { self.init(digits: text.utf8) }

    /// The same for bytes.
    @inlinable public init?(digits bytes: some Sequence<UInt8>) {
        guard let (value, isExact) = Self.reading(bytes), isExact else { return nil }
        self = value
    }

    /// The same, but a number that does not fit counts as the largest.
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
