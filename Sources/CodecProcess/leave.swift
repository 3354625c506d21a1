internal import Glibc

/// Ends the process with a line on standard error, written without the C library's buffers.
public func leave(_ status: Int32, _ line: String) -> Never {
    let bytes = Array((line + "\n").utf8)
    _ = unsafe write(2, bytes, bytes.count)
    exit(status)
}
