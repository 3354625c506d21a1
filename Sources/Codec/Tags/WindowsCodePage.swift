/// The upper halves of two of Windows' code pages.
///
/// https://encoding.spec.whatwg.org/#legacy-single-byte-encodings; U+FFFD marks an unassigned byte.
struct WindowsCodePage {
    /// 1252.
    static let latin = Self(
        "€\u{FFFD}‚ƒ„…†‡ˆ‰Š‹Œ\u{FFFD}Ž\u{FFFD}\u{FFFD}‘’“”•–—˜™š›œ\u{FFFD}žŸ\u{A0}¡¢£¤¥¦§¨©ª«¬\u{AD}®¯°±²³´µ¶·¸¹º»¼½¾¿"
            + "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõö÷øùúûüýþÿ")
    /// 1251.
    static let cyrillic = Self(
        "ЂЃ‚ѓ„…†‡€‰Љ‹ЊЌЋЏђ‘’“”•–—\u{FFFD}™љ›њќћџ\u{A0}ЎўЈ¤Ґ¦§Ё©Є«¬\u{AD}®Ї°±Ііґµ¶·ё№є»јЅѕї"
            + "АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдежзийклмнопрстуфхцчшщъыьэюя")

    /// Bytes from 0x80 to 0x9F that 1252 assigns and Western text uses: euro, quotation marks, dashes, ellipsis, bullet, trade
    /// mark, and the letters of French, Czech and Finnish.
    static let typography: Set<UInt8> = [
        0x80, 0x82, 0x84, 0x85, 0x8A, 0x8C, 0x8E, 0x91, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0x99, 0x9A, 0x9C, 0x9E, 0x9F
    ]

    private let scalars: [Unicode.Scalar]

    private init(_ upperHalf: String) {
        scalars = Array(upperHalf.unicodeScalars)
    }

    /// The character of a byte; U+FFFD if there is none.
    subscript(byte: UInt8) -> Unicode.Scalar {
        byte < 0x80 ? Unicode.Scalar(byte) : Int(byte) - 0x80 < scalars.count ? scalars[Int(byte) - 0x80] : "\u{FFFD}"
    }
}
