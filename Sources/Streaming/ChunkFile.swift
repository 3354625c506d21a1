import Audio
import Crypto

/// The one name of a chunk, in memory, on disk, in the queue and in flight: 128 bits of a hash of everything that decides
/// its bytes. A scaled cover has one too.
struct ChunkName: Sendable, Hashable {
    fileprivate let high: UInt64
    fileprivate let low: UInt64

    /// The name of a rendition's first chunk. ``advanced(by:)`` names the others, so a rendition costs one hash.
    ///
    /// - Parameter entityTag: the rendition's. It covers everything that decides a chunk's bytes except the chunk's number.
    init(firstOf entityTag: String) {
        self.init(hashOf: "chunks 2 \(entityTag)")
    }

    /// The name for a cover at all sizes, under which is kept that it cannot be decoded. ``advanced(by:)`` a size in pixels
    /// names the cover at that size.
    init(cover: OriginalHash) {
        self.init(hashOf: "cover 1 \(cover.hex) 0")
    }

    /// The name that is `count` after this one.
    func advanced(by count: Int) -> ChunkName {
        ChunkName(high: high, low: low &+ UInt64(truncatingIfNeeded: count))
    }

    private init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// - Parameter text: contains a version: files named with another version are never used again, and so are evicted
    ///   first.
    private init(hashOf text: String) {
        let bytes = Array(SHA256.hash(data: Array(text.utf8)).prefix(16))
        high = bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        low = bytes.dropFirst(8).prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Where the file lies in the cache's directory: `ab/` and 30 hexadecimal digits more.
    var path: String {
        let digits = Self.digits(high) + Self.digits(low)
        return "\(digits.prefix(2))/\(digits.dropFirst(2))"
    }

    /// The name whose path is `folder/file`. Returns nil if no name has that path.
    init?(folder: String, file: String) {
        guard folder.utf8.count == 2, file.utf8.count == 30, (folder + file).allSatisfy({ $0.isHexDigit && !$0.isUppercase }),
            let high = UInt64((folder + file).prefix(16), radix: 16), let low = UInt64(file.suffix(16), radix: 16)
        else { return nil }
        (self.high, self.low) = (high, low)
    }

    private static func digits(_ word: UInt64) -> String {
        let text = String(word, radix: 16)
        return String(repeating: "0", count: 16 - text.utf8.count) + text
    }

    fileprivate var bytes: [UInt8] { ChunkFile.bigEndian(high) + ChunkFile.bigEndian(low) }
}

/// A chunk's frames as a file: a header that identifies them, and the frames.
///
/// 8 bytes of magic and version, 8 of length, 16 of name, 16 of checksum (SHA-256 of everything else, cut), all big-endian.
/// A file that is torn, damaged, misnamed or of another version yields no frames.
enum ChunkFile {
    static let headerBytes = 48
    private static let magic = Array("sschunk1".utf8)

    /// - Parameter frames: may be empty.
    static func bytes(of name: ChunkName, frames: some Collection<UInt8>) -> [UInt8] {
        let frames = Array(frames)
        let head = head(of: name, count: frames.count)
        return head + checksum(head, frames) + frames
    }

    /// The frames in a whole file. Returns nil if the file is not what was written under `name`.
    static func frames(in file: [UInt8], of name: ChunkName) -> [UInt8]? {
        guard file.count >= headerBytes else { return nil }
        let frames = Array(file[headerBytes...])
        let head = head(of: name, count: frames.count)
        guard file.starts(with: head), file[head.count..<headerBytes].elementsEqual(checksum(head, frames)) else { return nil }
        return frames
    }

    private static func head(of name: ChunkName, count: Int) -> [UInt8] {
        magic + bigEndian(UInt64(count)) + name.bytes
    }

    private static func checksum(_ head: [UInt8], _ frames: [UInt8]) -> [UInt8] {
        var hash = SHA256()
        hash.update(data: head)
        hash.update(data: frames)
        return Array(hash.finalize().prefix(16))
    }

    fileprivate static func bigEndian(_ word: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * UInt64($0))) }
    }
}
