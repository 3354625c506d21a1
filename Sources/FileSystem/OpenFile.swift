package import Glibc

/// A file descriptor with one owner, closed at the owner's end. Every call blocks, and is repeated if a signal interrupts it.
/// Files it creates are accessible to their owner only.
package struct OpenFile: ~Copyable, Sendable {
    package let descriptor: CInt
    package let path: String

    package init(_ path: String, _ flags: CInt = O_RDONLY, mode: mode_t = 0o600) throws(SystemError) {
        try self.init(rawPath: Array(path.utf8CString), flags, mode: mode)
    }

    /// Opens a path that need not be UTF-8.
    ///
    /// - Parameter rawPath: The path's bytes, ended by a zero.
    package init(rawPath: [CChar], _ flags: CInt = O_RDONLY, mode: mode_t = 0o600) throws(SystemError) {
        let path = String(decoding: rawPath.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        let descriptor = try retrying("open \(path)") { unsafe open(rawPath, flags | O_CLOEXEC, mode) }
        self.descriptor = CInt(descriptor)
        self.path = path
    }

    deinit { close(descriptor) }

    package func status() throws(SystemError) -> stat {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw SystemError("stat \(path)") }
        return status
    }

    /// The bytes of `range`, fewer if the file ends before.
    package func read(_ range: Range<Int>) throws(SystemError) -> [UInt8] {
        var failure: SystemError?
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: range.count) { buffer, filled in
            while filled < range.count, failure == nil {
                do throws(SystemError) {
                    let count = try retrying("read \(path)") {
                        unsafe pread(
                            descriptor, buffer.baseAddress?.advanced(by: filled), range.count - filled, range.lowerBound + filled)
                    }
                    if count == 0 { return }
                    filled += count
                } catch {
                    failure = error
                }
            }
        }
        if let failure { throw failure }
        return bytes
    }

    /// Appends all of `bytes` at the descriptor's position.
    package func write(_ bytes: Span<UInt8>) throws(SystemError) {
        var written = 0
        while written < bytes.count {
            let rest = bytes.extracting(droppingFirst: written)
            written += try retrying("write \(path)") {
                unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
            }
        }
    }

    package func sync() throws(SystemError) {
        _ = try retrying("sync \(path)") { Int(fsync(descriptor)) }
    }
}

/// Calls again after `EINTR`; throws for any other result below zero.
private func retrying<Result: FixedWidthInteger>(
    _ action: @autoclosure () -> String, _ call: () -> Result
) throws(SystemError) -> Int {
    while true {
        let result = call()
        if result >= 0 { return Int(result) }
        guard errno == EINTR else { throw SystemError(action()) }
    }
}
