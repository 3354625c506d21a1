internal import Audio
internal import Crypto

extension SHA256 {
    mutating func update(_ bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBytes { unsafe update(bufferPointer: $0) }
    }
}

extension OriginalHash {
    init(_ digest: SHA256Digest) throws(IntakeError) {
        guard let hash = Self(bytes: digest) else { throw .storage("a SHA-256 of \(SHA256Digest.byteCount) bytes") }
        self = hash
    }
}
