import Audio

/// A field's text, decoded or not.
enum TagText {
    case text(String)
    /// Bytes in a one-byte character set, declared as Latin-1 or not declared: ``CharsetGuess`` finds out which.
    case undeclared([UInt8])

    /// Bytes.
    var count: Int {
        switch self {
        case .text(let text): text.utf8.count
        case .undeclared(let bytes): bytes.count
        }
    }
}

extension TagText {
    static func utf8(_ bytes: some Collection<UInt8>) -> Self { .text(String(decoding: bytes, as: UTF8.self)) }

    /// UTF-16 in the byte order of its mark, else in `order`, which becomes the mark's.
    static func utf16(_ bytes: ArraySlice<UInt8>, _ order: inout ByteOrder) -> Self {
        var bytes = bytes
        if bytes.starts(with: [0xFF, 0xFE]) {
            order = .little
            bytes = bytes.dropFirst(2)
        } else if bytes.starts(with: [0xFE, 0xFF]) {
            order = .big
            bytes = bytes.dropFirst(2)
        }
        var units: [UInt16] = []
        units.reserveCapacity(bytes.count / 2)
        var index = bytes.startIndex
        while bytes.endIndex - index >= 2 {
            units.append(UInt16(truncatingIfNeeded: bytes[index..<(index + 2)].number(at: 0, 2, order) ?? 0))
            index += 2
        }
        return .text(String(decoding: units, as: UTF16.self))
    }

    /// UTF-16 little-endian without a mark, up to its first zero.
    static func utf16LittleEndian(_ bytes: ArraySlice<UInt8>) -> Self {
        var reader = BlockReader(bytes)
        var order = ByteOrder.little
        return utf16(reader.takeTerminated(unit: 2), &order)
    }
}

extension TagText {
    /// The text if its character set does not matter: it is ASCII or declared.
    var plain: String? {
        switch self {
        case .text(let text): text
        case .undeclared(let bytes): bytes.allSatisfy { $0 < 0x80 } ? String(decoding: bytes, as: UTF8.self) : nil
        }
    }

    /// The text as declared.
    var latin1: String {
        switch self {
        case .text(let text): text
        case .undeclared(let bytes): CharsetGuess([]).text(bytes)
        }
    }
}
