import ArgumentParser
import Foundation
import Gateway

/// The token or key that a command works with: from the command line, which every user of the machine can read, from a file, or
/// from the environment.
struct GivenSecret {
    static let variable = "SWEETSPOT_TOKEN"

    let text: String?
    let file: String?
    /// The options' names: `--token` and `--token-file`.
    let options: (text: String, file: String)

    /// - Throws: `ValidationError` if both options are given.
    func validate() throws {
        if text != nil, file != nil {
            throw ValidationError("\(options.text) and \(options.file) cannot be used together: leave \(options.text) out")
        }
    }

    /// Nil if none is given.
    ///
    /// - Throws: ``ServerConfiguration/Invalid`` if the file cannot be used.
    func value() throws -> String? {
        if let text { return text }
        if let file { return try readToken(file: file, option: options.file) }
        return ProcessInfo.processInfo.environment[Self.variable]
    }
}
