internal import Audio

/// Writes a ZIP archive (APPNOTE.TXT 6.3.10) from start to end without knowing the files beforehand. Files are stored
/// uncompressed. Every size is 64 bits wide (§4.3.14, §4.5.3).
public struct ZipStream: Sendable {
    private struct Entry {
        var name: [UInt8]
        var offset: Int
        var stamp: UInt32
        var bytes = 0
        var sum: UInt32 = 0
    }

    private static let version: UInt16 = 45
    /// Sizes and sum follow the file (bit 3); names are UTF-8 (bit 11).
    private static let flags: UInt16 = 0x0808
    private static let unknown: UInt32 = .max

    private var entries: [Entry] = []
    /// Bytes written so far.
    private var offset = 0

    public init() {}

    /// Bytes of the archive of these files, known before any of them is read.
    ///
    /// - Parameter files: each one's name, of at most 65,535 bytes, and its size in bytes.
    public static func length(ofFiles files: [(name: String, size: Int)]) -> Int {
        // A file's header, what follows it, and its entry of the directory; the directory's end.
        files.reduce(56 + 20 + 22) { $0 + (50 + $1.name.utf8.count) + $1.size + 24 + (74 + $1.name.utf8.count) }
    }

    /// The bytes before a file's.
    ///
    /// - Parameters:
    ///   - name: with slashes, relative; bytes beyond 65,535 are dropped.
    ///   - size: in bytes; nil if it is not known yet.
    ///   - modified: the time as ZIP writes it: see ``stamp(year:month:day:hour:minute:second:)``.
    public mutating func begin(_ name: String, size: Int?, modified stamp: UInt32) -> [UInt8] {
        let entry = Entry(name: Array(name.prefix(bytes: Int(UInt16.max)).utf8), offset: offset, stamp: stamp)
        entries.append(entry)
        var bytes: [UInt8] = []
        bytes.append(littleEndian: 0x0403_4B50 as UInt32)
        appendCommon(entry, sum: 0, to: &bytes)
        bytes.append(littleEndian: 20 as UInt16)
        bytes += entry.name
        bytes.append(littleEndian: 1 as UInt16)
        bytes.append(littleEndian: 16 as UInt16)
        for _ in 0..<2 { bytes.append(littleEndian: UInt64(size ?? 0)) }
        offset += bytes.count
        return bytes
    }

    /// Counts bytes of a file that the caller writes unchanged.
    public mutating func add(_ bytes: some Collection<UInt8>) {
        guard var entry = entries.popLast() else { return }
        entry.bytes += bytes.count
        entry.sum = CRC32.checksum(bytes, after: entry.sum)
        entries.append(entry)
        offset += bytes.count
    }

    /// The bytes after a file's.
    public mutating func end() -> [UInt8] {
        guard let entry = entries.last else { return [] }
        var bytes: [UInt8] = []
        bytes.append(littleEndian: 0x0807_4B50 as UInt32)
        bytes.append(littleEndian: entry.sum)
        for _ in 0..<2 { bytes.append(littleEndian: UInt64(entry.bytes)) }
        offset += bytes.count
        return bytes
    }

    /// The bytes at the end of the archive: its directory.
    public func directory() -> [UInt8] {
        var bytes: [UInt8] = []
        for entry in entries {
            bytes.append(littleEndian: 0x0201_4B50 as UInt32)
            bytes.append(littleEndian: Self.version | 3 << 8)
            appendCommon(entry, sum: entry.sum, to: &bytes)
            bytes.append(littleEndian: 28 as UInt16)
            for _ in 0..<3 { bytes.append(littleEndian: 0 as UInt16) }
            bytes.append(littleEndian: 0o100644 << 16 as UInt32)
            bytes.append(littleEndian: Self.unknown)
            bytes += entry.name
            bytes.append(littleEndian: 1 as UInt16)
            bytes.append(littleEndian: 24 as UInt16)
            for value in [entry.bytes, entry.bytes, entry.offset] { bytes.append(littleEndian: UInt64(value)) }
        }
        let size = bytes.count
        bytes.append(littleEndian: 0x0606_4B50 as UInt32)
        bytes.append(littleEndian: 44 as UInt64)
        for _ in 0..<2 { bytes.append(littleEndian: Self.version) }
        for _ in 0..<2 { bytes.append(littleEndian: 0 as UInt32) }
        for value in [entries.count, entries.count, size, offset] { bytes.append(littleEndian: UInt64(value)) }
        bytes.append(littleEndian: 0x0706_4B50 as UInt32)
        bytes.append(littleEndian: 0 as UInt32)
        bytes.append(littleEndian: UInt64(offset + size))
        bytes.append(littleEndian: 1 as UInt32)
        bytes.append(littleEndian: 0x0605_4B50 as UInt32)
        for _ in 0..<2 { bytes.append(littleEndian: 0 as UInt16) }
        for _ in 0..<2 { bytes.append(littleEndian: UInt16.max) }
        for _ in 0..<2 { bytes.append(littleEndian: Self.unknown) }
        bytes.append(littleEndian: 0 as UInt16)
        return bytes
    }

    /// A time in MS-DOS's format (§4.4.6), to two seconds; years before 1980 are 1980.
    public static func stamp(year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int) -> UInt32 {
        let date = UInt32(min(max(0, year - 1980), 127)) << 9 | UInt32(month & 15) << 5 | UInt32(day & 31)
        return date << 16 | UInt32(hour & 31) << 11 | UInt32(minute & 63) << 5 | UInt32(second / 2 & 31)
    }

    /// The fields that a file's header and its directory entry have in common.
    private func appendCommon(_ entry: Entry, sum: UInt32, to bytes: inout [UInt8]) {
        bytes.append(littleEndian: Self.version)
        bytes.append(littleEndian: Self.flags)
        bytes.append(littleEndian: 0 as UInt16)
        bytes.append(littleEndian: entry.stamp)
        bytes.append(littleEndian: sum)
        for _ in 0..<2 { bytes.append(littleEndian: Self.unknown) }
        bytes.append(littleEndian: UInt16(clamping: entry.name.count))
    }
}
