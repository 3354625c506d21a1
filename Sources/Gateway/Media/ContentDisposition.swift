import Audio

/// `inline` with a file name (RFC 6266), safe for any title: see ``Audio/FileName/safe(_:)``.
func contentDisposition(title: String, fileExtension: String) -> String {
    let title = FileName.safe(String(String.UnicodeScalarView(title.unicodeScalars.prefix(60))))
    let name = "\(title.isEmpty ? "track" : title).\(fileExtension)"
    return "inline; filename=\(quotedString(name)); filename*=\(extendedValue(name))"
}

/// A quoted-string (RFC 9110 §5.6.4) without escapes, for programs that do not know them: an underscore replaces each scalar that
/// is not plain ASCII, and percent signs, which some programs decode (RFC 6266 appendix D).
private func quotedString(_ text: String) -> String {
    let bytes = text.unicodeScalars.map { scalar in
        (0x20..<0x7F).contains(scalar.value) && !["\"", "\\", "%"].contains(scalar) ? UInt8(ascii: scalar) : UInt8(ascii: "_")
    }
    return "\"\(String(decoding: bytes, as: UTF8.self))\""
}

/// An ext-value (RFC 8187 §3.2.1).
private func extendedValue(_ text: String) -> String {
    var bytes = Array("UTF-8''".utf8)
    for byte in text.utf8 {
        if attributeCharacters.contains(byte) {
            bytes.append(byte)
        } else {
            bytes.append(UInt8(ascii: "%"))
            bytes += CollectionOfOne(byte).hexadecimal.uppercased().utf8
        }
    }
    return String(decoding: bytes, as: UTF8.self)
}

/// `attr-char` of RFC 8187 §3.2.1.
private let attributeCharacters = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$&+-.^_`|~".utf8)
