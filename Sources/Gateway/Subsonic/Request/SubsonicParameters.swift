import Audio

/// The parameters of a request: those of its URL, then those of its form. A name can come more than once.
struct SubsonicParameters: Sendable {
    private var values: [String: [String]] = [:]

    /// - Parameter query: `application/x-www-form-urlencoded` (https://url.spec.whatwg.org/#urlencoded-parsing). Bytes that are not
    ///   UTF-8 become replacement characters.
    init(query: String) {
        for pair in query.utf8.split(separator: UInt8(ascii: "&")) {
            let end = pair.firstIndex(of: UInt8(ascii: "="))
            let name = pair[..<(end ?? pair.endIndex)].percentDecoded(plusIsSpace: true)
            let value = end.map { pair[pair.index(after: $0)...].percentDecoded(plusIsSpace: true) } ?? ""
            values[name, default: []].append(value)
        }
    }

    /// The first value of this name; nil if there is none.
    subscript(name: String) -> String? { values[name]?.first }

    /// All values of this name, in their order.
    func all(_ name: String) -> [String] { values[name] ?? [] }
}
