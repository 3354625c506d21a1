internal import Glibc

extension Duration {
    /// Time a process could have run but got no processor, so far; zero if the kernel does not count it.
    init(runDelayOf process: Int32) {
        self = .zero
        let file = unsafe open("/proc/\(process)/schedstat", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return }
        defer { close(file) }
        var text = [UInt8](repeating: 0, count: 128)
        let count = unsafe read(file, &text, text.count)
        self = Duration(runDelayIn: text.prefix(max(0, count)))
    }

    /// The second of the numbers in `/proc/<pid>/schedstat`, nanoseconds; zero if it is missing or not a number.
    init(runDelayIn schedstat: some Collection<UInt8>) {
        let numbers = String(decoding: schedstat, as: UTF8.self).split(separator: " ")
        self = .nanoseconds(numbers.count > 1 ? Int64(clamping: UInt64(numbers[1]) ?? 0) : 0)
    }
}
