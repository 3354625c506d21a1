internal import CSandbox
internal import Glibc

/// The path of `sweetspot-codec`: the one that `SWEETSPOT_CODEC` names, else the file of that name beside the running executable
/// (the test bundle in tests). Returns nil if neither exists.
public func codecExecutable() -> String? {
    if let named = unsafe getenv("SWEETSPOT_CODEC") {
        let path = unsafe String(cString: named)
        if !path.isEmpty { return path }
    }
    guard let own = runningExecutable(), let slash = own.utf8.lastIndex(of: UInt8(ascii: "/")) else { return nil }
    let path = own[...slash] + "sweetspot-codec"
    return unsafe access(String(path), X_OK) == 0 ? String(path) : nil
}

/// The path of the running executable, without links; the test bundle's in tests.
package func runningExecutable() -> String? {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let length = unsafe readlink("/proc/self/exe", &buffer, buffer.count)
    guard length > 0 else { return nil }
    return String(decoding: buffer[..<length].map(UInt8.init(bitPattern:)), as: UTF8.self)
}

/// Makes writing to a dead child an error instead of the end of this process. Call it once at start.
public func ignoreBrokenPipes() {
    signal(SIGPIPE, SIG_IGN)
}

/// Returns freed memory to the system at once. Call it once at start.
///
/// Chunks and packets are tens to hundreds of kilobytes and live for very different times. glibc's allocator would keep them
/// in heaps that never shrink, one heap per thread: 120 MB above the cache's budget under 200 listeners.
public func returnFreedMemory() {
    allocator_return_freed_memory()
}
