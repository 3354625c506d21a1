/// Decompresses the frames of the few ID3v2 tags that use compression (RFC 1950, RFC 1951).
///
/// Ours, because zlib would be one more library in the process that meets hostile bytes, for frames that hardly any program
/// wrote.
struct Inflate {
    private struct Code {
        /// Codes of each length, and the symbols in the order of their codes.
        private var counts = [Int](repeating: 0, count: 16)
        private var symbols: [Int] = []

        init(_ lengths: ArraySlice<Int>) {
            for length in lengths where length > 0 { counts[length] += 1 }
            for length in 1...15 {
                for (symbol, own) in lengths.enumerated() where own == length { symbols.append(symbol) }
            }
        }

        func next(_ input: inout Inflate) -> Int? {
            var (code, first, index) = (0, 0, 0)
            for length in 1...15 {
                guard let bit = input.bits(1) else { return nil }
                code |= bit
                let count = counts[length]
                if code - count < first {
                    let place = index + code - first
                    return symbols.indices.contains(place) ? symbols[place] : nil
                }
                index += count
                first = (first + count) << 1
                code <<= 1
            }
            return nil
        }
    }

    private let input: [UInt8]
    private var bitOffset: Int
    private var output: [UInt8] = []
    private let limit: Int

    /// The content of a zlib stream; nil if it is damaged or has more than `limit` bytes. The checksum is ignored.
    static func zlib(_ bytes: [UInt8], limit: Int) -> [UInt8]? {
        guard bytes.count > 2, bytes[0] & 0x0F == 8, bytes[1] & 0x20 == 0 else { return nil }
        var inflate = Self(input: bytes, bitOffset: 16, limit: limit)
        return inflate.run() ? inflate.output : nil
    }

    private init(input: [UInt8], bitOffset: Int, limit: Int) {
        self.input = input
        self.bitOffset = bitOffset
        self.limit = limit
    }

    private mutating func bits(_ count: Int) -> Int? {
        guard bitOffset + count <= 8 * input.count else { return nil }
        var value = 0
        for index in 0..<count {
            value |= Int(input[(bitOffset + index) >> 3] >> UInt8((bitOffset + index) & 7) & 1) << index
        }
        bitOffset += count
        return value
    }

    private mutating func run() -> Bool {
        while true {
            guard let isLast = bits(1), let kind = bits(2) else { return false }
            let isDone =
                switch kind {
                case 0: stored()
                case 1: block(Self.fixedLiterals, Self.fixedDistances)
                case 2: dynamic()
                default: false
                }
            guard isDone else { return false }
            if isLast == 1 { return true }
        }
    }

    private mutating func stored() -> Bool {
        bitOffset = (bitOffset + 7) & ~7
        guard let length = bits(16), bits(16) != nil, output.count + length <= limit, bitOffset / 8 + length <= input.count else {
            return false
        }
        output += input[(bitOffset / 8)..<(bitOffset / 8 + length)]
        bitOffset += 8 * length
        return true
    }

    private mutating func dynamic() -> Bool {
        guard let literals = bits(5), let distances = bits(5), let codes = bits(4) else { return false }
        var lengths = [Int](repeating: 0, count: 19)
        for place in Self.codeOrder.prefix(codes + 4) {
            guard let length = bits(3) else { return false }
            lengths[place] = length
        }
        let code = Code(lengths[...])
        let total = literals + 257 + distances + 1
        lengths = []
        while lengths.count < total {
            guard let symbol = code.next(&self) else { return false }
            switch symbol {
            case 16:
                guard let last = lengths.last, let more = bits(2) else { return false }
                lengths += repeatElement(last, count: more + 3)
            case 17, 18:
                guard let more = bits(symbol == 17 ? 3 : 7) else { return false }
                lengths += repeatElement(0, count: more + (symbol == 17 ? 3 : 11))
            default: lengths.append(symbol)
            }
        }
        guard lengths.count == total else { return false }
        return block(Code(lengths[..<(literals + 257)]), Code(lengths[(literals + 257)...]))
    }

    private mutating func block(_ literals: Code, _ distances: Code) -> Bool {
        while true {
            guard let symbol = literals.next(&self) else { return false }
            if symbol == 256 { return true }
            if symbol < 256 {
                guard output.count < limit else { return false }
                output.append(UInt8(symbol))
                continue
            }
            guard symbol < 286, let extra = bits(Self.lengthBits[symbol - 257]), let place = distances.next(&self), place < 30,
                let far = bits(place < 4 ? 0 : place / 2 - 1)
            else { return false }
            let length = Self.lengthBases[symbol - 257] + extra
            let distance = (place < 4 ? place : (2 + place & 1) << (place / 2 - 1)) + far + 1
            guard distance <= output.count, output.count + length <= limit else { return false }
            for _ in 0..<length { output.append(output[output.count - distance]) }
        }
    }

    private static let codeOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
    private static let lengthBases = [
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258
    ]
    private static let lengthBits = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0]
    private static let fixedLiterals = Code(
        ([Int](repeating: 8, count: 144) + [Int](repeating: 9, count: 112) + [Int](repeating: 7, count: 24)
            + [Int](repeating: 8, count: 8))[...])
    private static let fixedDistances = Code([Int](repeating: 5, count: 30)[...])
}
