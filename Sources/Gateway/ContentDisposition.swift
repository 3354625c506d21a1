/// `inline` with a file name (RFC 6266, RFC 8187), safe for any title: without slashes, and no longer than file systems take.
func contentDisposition(title: String, fileExtension: String) -> String {
    let title = title.replacing("/", with: "_").replacing("\\", with: "_").unicodeScalars.prefix(60)
    let name = title.isEmpty ? "track" : String(title)
    let ascii = String(
        String.UnicodeScalarView(
            name.unicodeScalars.map { (0x20..<0x7F).contains($0.value) && !"\"%".unicodeScalars.contains($0) ? $0 : "_" }))
    let unreserved = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$&+-.^_`|~".utf8)
    let digits = Array("0123456789ABCDEF")
    let encoded = "\(name).\(fileExtension)".utf8.map { byte in
        unreserved.contains(byte)
            ? String(UnicodeScalar(byte)) : "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
    }.joined()
    return "inline; filename=\"\(ascii).\(fileExtension)\"; filename*=UTF-8''\(encoded)"
}
