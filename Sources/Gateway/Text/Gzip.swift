import CZlib

/// The gzip form of texts (RFC 1952), made in one call: a text is in memory as a whole anyway, and equal texts give equal bytes.
enum Gzip {
    /// Bytes of the shortest text worth compressing: a shorter one fits into one packet as it is.
    static let least = 1 << 10
    /// Bytes of the longest text that is compressed. 2.4 MB, a page of 500 whole tracks, take 17 ms.
    static let most = 4 << 20
    /// Bytes from which on time counts more than size: at 140 MB/s instead of 50 the result is a sixth longer.
    private static let long = 128 << 10

    /// Returns nil if the text is too short or too long, or would not become shorter.
    static func compressed(_ text: [UInt8]) -> [UInt8]? {
        guard (least...most).contains(text.count) else { return nil }
        let level: CInt = text.count < long ? 6 : 1
        let output = unsafe [UInt8](unsafeUninitializedCapacity: text.count) { output, length in
            length = unsafe text.withUnsafeBufferPointer { text in
                unsafe Int(gzip(text.baseAddress, CUnsignedInt(text.count), output.baseAddress, CUnsignedInt(text.count), level))
            }
        }
        return output.isEmpty ? nil : output
    }
}
