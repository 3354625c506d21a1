internal import Glibc

/// A system call failed before the child could be reached.
struct SystemError: Error {
    let call: String
    let code: Int32

    var reason: String { "\(call): \(describe(errno: code))" }
}

/// The C library's sentence for an errno.
func describe(errno code: Int32) -> String {
    unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
}
