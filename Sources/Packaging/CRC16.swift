/// CRC-16/ARC: reflected polynomial 0xA001, starting at 0. LAME guards its Info tag with it.
enum CRC16 {
    static func checksum(_ bytes: some Sequence<UInt8>) -> UInt16 {
        bytes.reduce(0) { value, byte in
            (0..<8).reduce(value ^ UInt16(byte)) { rest, _ in rest & 1 == 1 ? 0xA001 ^ (rest >> 1) : rest >> 1 }
        }
    }
}
