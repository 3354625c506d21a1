import Foundation

extension String {
    /// The text as a value in a URI's query, percent-encoded except for RFC 3986's unreserved characters and a ticket's `*`.
    var queryEncoded: String { percentEncoded(sparing: "*") }

    /// The text with all but RFC 3986's unreserved characters, and those of `others`, percent-encoded (§2.1).
    func percentEncoded(sparing others: String = "") -> String {
        let unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
        return addingPercentEncoding(withAllowedCharacters: CharacterSet(charactersIn: unreserved + others)) ?? ""
    }
}
