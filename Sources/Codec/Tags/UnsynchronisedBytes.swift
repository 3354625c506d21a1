/// ID3v2's unsynchronisation: a zero behind each 0xFF that would otherwise look like the start of an MPEG frame.
enum UnsynchronisedBytes {
    /// Whether unsynchronisation was really applied; some programs only set the flag.
    static func areWellFormed(_ input: TagInput, _ range: Range<Int>) -> Bool {
        var cursor = TagCursor(input, range)
        var followsFF = false
        while true {
            let bytes = cursor.read(1 << 16)
            guard !bytes.isEmpty else { return !followsFF }
            for byte in bytes {
                if followsFF, byte >= 0xE0 { return false }
                followsFF = byte == 0xFF
            }
        }
    }

    /// `bytes` without the zeros; unchanged if they cannot have been unsynchronised.
    static func undone(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var followsFF = false
        for byte in bytes {
            if followsFF, byte >= 0xE0 { return bytes }
            if !(followsFF && byte == 0) { result.append(byte) }
            followsFF = byte == 0xFF
        }
        return followsFF ? bytes : result
    }
}
