import Audio

/// The form in which a request wants its answer.
enum SubsonicFormat: Hashable, Sendable {
    case xml
    case json
    /// A script that calls this function with the answer.
    case jsonp(String)

    /// `f` and `callback`; XML if `f` is not known. Answers are JSON if the callback is not a function's name: it is a stranger's
    /// text, which would become a script.
    init(_ parameters: SubsonicParameters) {
        self =
            switch parameters["f"]?.lowercased() {
            case "json": .json
            case "jsonp": Self.isFunction(parameters["callback"] ?? "") ? .jsonp(parameters["callback"] ?? "") : .json
            default: .xml
            }
    }

    /// - Throws: 10 if the answer is to be a script, and the callback is not a function's name.
    static func check(_ parameters: SubsonicParameters) throws(SubsonicError) {
        guard parameters["f"]?.lowercased() == "jsonp", !isFunction(parameters["callback"] ?? "") else { return }
        throw SubsonicError(.parameter, "callback must be names of letters and digits with dots between them")
    }

    var mediaType: String {
        switch self {
        case .xml: "text/xml; charset=utf-8"
        case .json: "application/json"
        case .jsonp: "text/javascript; charset=utf-8"
        }
    }

    /// Whether `text` is one or more identifiers of ASCII with dots between them, such as `angular.callbacks._0`.
    static func isFunction(_ text: String) -> Bool {
        guard text.utf8.count <= 128 else { return false }
        return text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { name in
            guard let first = name.first, !(0x30...0x39).contains(first) else { return false }
            return name.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"), UInt8(ascii: "$"): true
                default: false
                }
            }
        }
    }
}
