import NIOCore
import Synchronization

/// Whether everybody was given the same bytes: a hash per block of each URL; the first to see a block says what it is.
final class ByteLedger: Sendable {
    static let block = 16 << 10

    struct Key: Hashable {
        let url: String
        let block: Int
    }

    private let hashes = Mutex<[Key: UInt64]>([:])
    private let counts = Mutex((compared: 0, wrong: 0))

    var compared: Int { counts.withLock { $0.compared } }
    var wrong: Int { counts.withLock { $0.wrong } }

    fileprivate func see(_ bytes: ByteBuffer, _ key: Key) {
        let hash = Self.hash(bytes)
        let known = hashes.withLock { hashes -> UInt64? in
            defer { if hashes[key] == nil { hashes[key] = hash } }
            return hashes[key]
        }
        guard let known else { return }
        counts.withLock {
            $0.compared += 1
            if known != hash { $0.wrong += 1 }
        }
    }

    /// FNV-1a on words: tells blocks apart, resists nobody.
    private static func hash(_ bytes: ByteBuffer) -> UInt64 {
        bytes.withUnsafeReadableBytes { bytes in
            var hash: UInt64 = 0xcbf2_9ce4_8422_2325
            for position in stride(from: 0, to: bytes.count - 7, by: 8) {
                hash = (hash ^ bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self)) &* 0x100_0000_01b3
            }
            for byte in bytes.suffix(bytes.count & 7) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
            return hash
        }
    }
}

/// One transfer's way through the ledger: gathers blocks that came whole.
struct LedgerTransfer {
    private let ledger: ByteLedger?
    private let url: String
    private var offset: Int
    private var gathered = ByteBuffer()

    /// - Parameters:
    ///   - ledger: nil compares nothing.
    ///   - offset: of the transfer's first byte.
    init(_ ledger: ByteLedger?, url: String, offset: Int) {
        (self.ledger, self.url, self.offset) = (ledger, url, offset)
    }

    mutating func receive(_ bytes: ByteBuffer) {
        guard let ledger else { return }
        var bytes = bytes
        while bytes.readableBytes > 0 {
            let room = ByteLedger.block - offset % ByteLedger.block
            guard var piece = bytes.readSlice(length: min(room, bytes.readableBytes)) else { return }
            let isFromStart = gathered.readableBytes > 0 || offset % ByteLedger.block == 0
            offset += piece.readableBytes
            guard isFromStart else { continue }
            gathered.writeBuffer(&piece)
            guard gathered.readableBytes == ByteLedger.block else { continue }
            ledger.see(gathered, ByteLedger.Key(url: url, block: offset / ByteLedger.block - 1))
            gathered.clear()
        }
    }
}
