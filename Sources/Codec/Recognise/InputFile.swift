import Glibc

/// The upload as ingest sees it: a seekable descriptor read with `pread`, so its position does not matter.
final class InputFile {
    private let descriptor: Int32
    /// Bytes.
    let size: Int
    /// Whether the file system failed to return bytes of the file.
    private(set) var hasFailed = false

    /// Nil if the descriptor is not seekable.
    init?(_ descriptor: Int32) {
        let end = lseek(descriptor, 0, SEEK_END)
        guard end >= 0 else { return nil }
        self.descriptor = descriptor
        size = end
    }

    /// Reads at `offset` as far as the file and the buffer reach.
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) -> Int {
        let wanted = min(buffer.count, size - offset)
        guard offset >= 0, wanted > 0, let base = buffer.baseAddress else { return 0 }
        var done = 0
        while done < wanted {
            let count = pread(descriptor, base + done, wanted - done, off_t(offset + done))
            if count < 0, errno == EINTR { continue }
            if count < 0 { hasFailed = true }
            guard count > 0 else { break }
            done += count
        }
        return done
    }

    /// The bytes at `offset`, fewer than `count` at the end of the file.
    func bytes(at offset: Int, count: Int) -> [UInt8] {
        Array(unsafeUninitializedCapacity: offset < 0 ? 0 : max(0, min(count, size - offset))) { buffer, filled in
            filled = read(into: UnsafeMutableRawBufferPointer(buffer), at: offset)
        }
    }
}
