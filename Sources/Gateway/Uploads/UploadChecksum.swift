import Audio
import Crypto
import Foundation
import HTTPTypes

/// The hash that the body of a PATCH must have: the field `Upload-Checksum` of tus 1.0's checksum extension.
struct UploadChecksum: Sendable {
    enum Algorithm: String, CaseIterable {
        case sha1
        case sha256
    }

    /// The hash so far.
    enum Running: Sendable {
        case sha1(Insecure.SHA1)
        case sha256(SHA256)

        mutating func update(_ bytes: some DataProtocol) {
            switch self {
            case .sha1(var sum):
                sum.update(data: bytes)
                self = .sha1(sum)
            case .sha256(var sum):
                sum.update(data: bytes)
                self = .sha256(sum)
            }
        }

        func matches(_ checksum: UploadChecksum) -> Bool {
            switch self {
            case .sha1(let sum): Array(sum.finalize()) == checksum.digest
            case .sha256(let sum): Array(sum.finalize()) == checksum.digest
            }
        }
    }

    /// Bytes of the largest body that can have a checksum: such a body is kept whole or not at all.
    static let mostBytes = 8 << 20
    static let mismatch = Problem(
        status: .init(code: 460, reasonPhrase: "Checksum Mismatch"), detail: "the bytes do not match Upload-Checksum")
    static let tooLong = Problem(
        status: .contentTooLarge, slug: .tooLarge, detail: "a body with Upload-Checksum must have at most \(mostBytes) bytes")

    private let algorithm: Algorithm
    private let digest: [UInt8]

    /// - Throws: 400 unless `field` is `sha1` or `sha256` and a digest of that length in base64.
    init(_ field: String) throws {
        let parts = field.pieces(at: " ", maxSplits: 1)
        guard parts.count == 2, let algorithm = Algorithm(rawValue: String(parts[0])),
            let digest = Data(base64Encoded: String(parts[1])),
            digest.count == (algorithm == .sha1 ? Insecure.SHA1.byteCount : SHA256.byteCount)
        else { throw Problem.badRequest("Upload-Checksum must be sha1 or sha256, and the digest in base64") }
        self.algorithm = algorithm
        self.digest = Array(digest)
    }

    var begun: Running { algorithm == .sha1 ? .sha1(Insecure.SHA1()) : .sha256(SHA256()) }
}
