import Audio

/// The header of a frame; its flags state how the content was transformed.
struct ID3v2Frame {
    /// Bytes that a compressed text frame may expand to.
    private static let inflatedText = 1 << 18

    /// The name in ID3v2.4, or in 2.3 if 2.4 has no successor.
    let name: String
    /// Bytes in the tag.
    let size: Int
    private let version: Int
    private let flags: Int

    /// Reads the next header. Nil if there are no more frames.
    init?(_ cursor: inout TagCursor, version: Int, hasPlainSizes: Bool) {
        let short = version == 2
        let header = cursor.read(short ? 6 : 10)
        guard header.count == (short ? 6 : 10), header[0] != 0 || header[1] != 0 || header[2] != 0 else { return nil }
        self.version = version
        if short {
            name = Self.successors[String(decoding: header[0..<3], as: UTF8.self)] ?? ""
            size = header.number(at: 3, 3, .big) ?? 0
            flags = 0
        } else {
            // Some programs write 2.2's names into tags of 2.3.
            name =
                header[3] == 0
                ? Self.successors[String(decoding: header[0..<3], as: UTF8.self)] ?? ""
                : String(decoding: header[0..<4], as: UTF8.self)
            size =
                version == 4 && !hasPlainSizes
                ? header[4..<8].reduce(0) { $0 << 7 | Int($1 & 0x7F) } : header.number(at: 4, 4, .big) ?? 0
            flags = header.number(at: 8, 2, .big) ?? 0
        }
    }

    var isPicture: Bool { name == "APIC" }
    var isReadable: Bool { flags & (version == 4 ? 0x04 : 0x40) == 0 }
    var isCompressed: Bool { flags & (version == 4 ? 0x08 : 0x80) != 0 }
    private var isUnsynchronised: Bool { version == 4 && flags & 0x02 != 0 }

    /// The frame's original content (ID3v2.3 §3.3.1, ID3v2.4 §4.1); nil if it cannot be restored.
    func content(_ bytes: [UInt8], tagIsUnsynchronised: Bool) -> [UInt8]? {
        var prefix = 0
        if flags & (version == 4 ? 0x40 : 0x20) != 0 { prefix += 1 }
        if version == 4 ? flags & 0x09 != 0 : isCompressed { prefix += 4 }
        guard prefix <= bytes.count else { return nil }
        var content = prefix == 0 ? bytes : Array(bytes[prefix...])
        if isUnsynchronised || (version == 4 && tagIsUnsynchronised) { content = UnsynchronisedBytes.undone(content) }
        return isCompressed ? Inflate.zlib(content, limit: isPicture ? PictureChoice.maximumBlock : Self.inflatedText) : content
    }

    /// Whether four bytes may name a frame.
    static func isName(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.count == 4 && bytes.allSatisfy { (0x41...0x5A).contains($0) || $0.isDigit } && bytes.contains { $0 >= 0x41 }
    }

    private static let successors = [
        "TT2": "TIT2", "TP1": "TPE1", "TP2": "TPE2", "TAL": "TALB", "TRK": "TRCK", "TPA": "TPOS", "TYE": "TYER", "TDA": "TDAT",
        "TCO": "TCON", "TCM": "TCOM", "COM": "COMM", "ULT": "USLT", "SLT": "SYLT", "PIC": "APIC", "UFI": "UFID", "TXX": "TXXX",
        "TRC": "TSRC", "TCP": "TCMP", "TST": "TSOT", "TSP": "TSOP", "TSA": "TSOA", "TS2": "TSO2", "RVA": "RVAD",
        "TBP": "TBPM"
    ]
}
