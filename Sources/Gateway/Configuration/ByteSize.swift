import Audio

/// A number of bytes as people write it in configuration: `64MiB`, `2GB`, `1048576`.
public struct ByteSize: Sendable, Hashable, CustomStringConvertible {
    public let bytes: Int

    public init(_ bytes: Int) {
        self.bytes = bytes
    }

    /// Nil if `text` is not a whole number with an optional unit (B, kB, MB, GB, TB, KiB, MiB, GiB, TiB), or is too large.
    public init?(_ text: String) {
        let digits = text.utf8.prefix { (0x30...0x39).contains($0) }
        guard let count = Int(digits: digits) else { return nil }
        let unit = Substring(text.utf8.dropFirst(digits.count).drop { $0 == 0x20 }).lowercased()
        let factors = [
            "": 1, "b": 1, "kb": 1000, "mb": 1_000_000, "gb": 1_000_000_000, "tb": 1_000_000_000_000,
            "kib": 1 << 10, "mib": 1 << 20, "gib": 1 << 30, "tib": 1 << 40
        ]
        guard let factor = factors[unit] else { return nil }
        let (bytes, overflow) = count.multipliedReportingOverflow(by: factor)
        guard !overflow else { return nil }
        self.bytes = bytes
    }

    public var description: String { "\(bytes)" }
}
