extension Collection<UInt8> {
    /// Two lowercase digits a byte.
    @inlinable
    public var hexadecimal: String {
        unsafe String(unsafeUninitializedCapacity: 2 * count) { digits in
            var place = 0
            for byte in self {
                for value in [byte >> 4, byte & 15] {
                    unsafe digits[place] = value < 10 ? 0x30 + value : 0x57 + value
                    place += 1
                }
            }
            return place
        }
    }
}
