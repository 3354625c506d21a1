/// The map of a second of a square wave, as the last program that stored version 3 made it of a WAV file of 16,044 bytes that is cut in its
/// middle.
public enum FormerMap {
    public static let bytes: [UInt8] =
        bytes(
            """
            5353544d0300037761760970636d5f7331366c65c03e01040000000000000010020000ac7d00c03e0000000000000000000000000000000000000000\
            00000000000000000000000000000001c1a3b208661615c0016b0b44697c3e0bc0010000000000000000e807
            """) + [UInt8](repeating: 128, count: 1000)
        + bytes(
            """
            000000000100dfad4e16cafed8e92a6c69626176666f726d61742035392e32372e313030206c69626176636f6465632035392e33372e313030012f54\
            68652066696c6520656e6473206561726c793a20697473206c61737420627974657320617265206d697373696e6700000101002c0100c03e807de13e\
            d093
            """)

    private static func bytes(_ digits: String) -> [UInt8] {
        let digits = Array(digits.utf8)
        return stride(from: 0, to: digits.count - 1, by: 2).compactMap {
            UInt8(String(decoding: digits[$0...($0 + 1)], as: UTF8.self), radix: 16)
        }
    }
}
