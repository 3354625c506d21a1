import FileSystem
import Foundation

/// A file with a key or a token, which is useful only as long as no other user has read it.
enum SecretFile {
    /// Largest size in bytes.
    private static let longest = 4096

    /// The file's bytes. Blocks; on a pipe until the other end closes it.
    ///
    /// - Parameters:
    ///   - what: the option or key that names the file.
    ///   - remedy: what to do if others may have read it.
    /// - Throws: ``ServerConfiguration/Invalid`` if it cannot be read, is longer than any key, or others may read or change it.
    static func read(_ path: String, what: String, remedy: String) throws(ServerConfiguration.Invalid) -> [UInt8] {
        do {
            let file = try OpenFile(path)
            let access = try FileAccess(of: file)
            guard access.isReadable else {
                throw ServerConfiguration.Invalid(description: "\(what): \(path) is not a file")
            }
            guard !access.isOpenToOthers else {
                throw ServerConfiguration.Invalid(
                    description: "\(what): others may read or change \(path): if none of them did, chmod 600 it; else \(remedy)")
            }
            guard access.isOurs else {
                throw ServerConfiguration.Invalid(description: "\(what): \(path) belongs to another user: \(remedy)")
            }
            var bytes: [UInt8] = []
            var piece = [UInt8](repeating: 0, count: longest + 1)
            while bytes.count <= longest {
                let count = unsafe Foundation.read(file.descriptor, &piece, piece.count)
                if count < 0, errno == EINTR { continue }
                guard count >= 0 else { throw SystemError("read \(path)") }
                if count == 0 { return bytes }
                bytes += piece[..<count]
            }
            throw ServerConfiguration.Invalid(description: "\(what): \(path) is longer than a key: \(remedy)")
        } catch let error as ServerConfiguration.Invalid {
            throw error
        } catch {
            throw ServerConfiguration.Invalid(description: "\(what): \(path) cannot be read: \(error)")
        }
    }
}

/// The token in a file, without white space around it.
///
/// - Parameter option: the option that names the file, for error messages.
/// - Throws: ``ServerConfiguration/Invalid`` if it cannot be read, others may read it, or the token is too short to be a secret.
public func readToken(file path: String, option: String) throws(ServerConfiguration.Invalid) -> String {
    let remedy = "make another, such as head -c 24 /dev/urandom | base64, in a file of mode 600"
    let bytes = try SecretFile.read(path, what: option, remedy: remedy)
    let token = String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    guard token.utf8.count >= 16 else {
        throw ServerConfiguration.Invalid(
            description:
                "\(option): the token in \(path) has \(token.utf8.count) bytes, but needs at least 16: \(remedy)")
    }
    guard token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
        throw ServerConfiguration.Invalid(
            description: "\(option): the token in \(path) has spaces, or characters that no header can carry: \(remedy)")
    }
    return token
}
