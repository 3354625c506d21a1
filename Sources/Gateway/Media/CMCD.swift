import Audio
import Foundation
import HTTPTypes
import Hummingbird

/// A player's statements about itself with each request: the part of Common Media Client Data (CTA-5004) that this server uses.
///
/// Keys may come in any of the four header fields or in the query parameter `CMCD`, as the specification says. Malformed parts
/// are ignored, so that no player fails.
struct CMCD: Equatable {
    /// The fields that carry it.
    static let fields = "CMCD-Object, CMCD-Request, CMCD-Session, CMCD-Status"

    /// Bytes read of each value: more than any player sends. Later bytes are ignored.
    private static let bytes = 4096

    /// `mtp`: throughput the player measured, in kbit/s.
    private(set) var throughput: Int?
    /// `bl`: sound in the player's buffer, in milliseconds.
    private(set) var bufferLength: Int?
    /// `dl`: how long until the buffer runs dry, in milliseconds.
    private(set) var deadline: Int?
    /// `su`: the player is starting, seeking or recovering from a stall.
    private(set) var isStarting = false
    /// `bs`: the buffer ran dry before this request.
    private(set) var isStarved = false
    /// `nor`: the player's next request, a path relative to this one's.
    private(set) var nextObject: String?
    /// `sid`: the player's visit, at most 64 characters.
    private(set) var session: String?

    init(_ fields: HTTPFields) {
        for name in HTTPField.Name.cmcd {
            for value in fields[values: name] { read(value) }
        }
    }

    init(_ request: Request) {
        self.init(request.headers)
        if let value = request.uri.queryParameters["CMCD"] { read(String(value)) }
    }

    init(_ text: String) { read(text) }

    private mutating func read(_ text: String) {
        for item in Self.items(text.utf8.prefix(Self.bytes)) {
            let parts = item.pieces(at: "=", maxSplits: 1, omittingEmpty: false)
            take(parts[0].trimmed, parts.count > 1 ? parts[1].trimmed : nil)
        }
    }

    private mutating func take(_ key: Substring, _ value: Substring?) {
        let number = value.flatMap { Int(digits: $0) }.flatMap { (0...1_000_000_000).contains($0) ? $0 : nil }
        switch key {
        case "mtp": throughput = number ?? throughput
        case "bl": bufferLength = number ?? bufferLength
        case "dl": deadline = number ?? deadline
        case "su": isStarting = value == nil || value == "true"
        case "bs": isStarved = value == nil || value == "true"
        case "nor": nextObject = value.flatMap(Self.unquoted)?.removingPercentEncoding ?? nextObject
        case "sid": session = value.flatMap(Self.unquoted).flatMap { (1...64).contains($0.utf8.count) ? $0 : nil } ?? session
        default: break
        }
    }

    private static func unquoted(_ value: Substring) -> String? {
        let text = value.unicodeScalars
        guard text.count >= 2, text.first == "\"", text.last == "\"" else { return nil }
        return String(Substring(text.dropFirst().dropLast()))
    }

    /// The comma-separated items; commas inside quotes do not separate.
    private static func items(_ bytes: some Collection<UInt8>) -> [Substring] {
        let text = String(decoding: bytes, as: UTF8.self)
        var items: [Substring] = []
        var start = text.startIndex
        var isQuoted = false
        for index in text.unicodeScalars.indices {
            let scalar = text.unicodeScalars[index]
            if scalar == "\"" { isQuoted.toggle() }
            guard scalar == ",", !isQuoted else { continue }
            items.append(text[start..<index])
            start = text.unicodeScalars.index(after: index)
        }
        return items + [text[start...]]
    }
}

extension HTTPField.Name {
    fileprivate static let cmcd = ["CMCD-Request", "CMCD-Object", "CMCD-Status", "CMCD-Session"].compactMap { Self($0) }
}

extension Substring {
    fileprivate var trimmed: Substring {
        var text = unicodeScalars.drop { $0 == " " || $0 == "\t" }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return Substring(text)
    }
}
