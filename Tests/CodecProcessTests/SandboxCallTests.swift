import Foundation
import Testing

@Suite("System calls inside the sandbox")
struct SandboxCallTests {
    /// Makes one call in a process that has entered the sandbox of this kind: the errno's name, `ok`, or the signal that ended it.
    private func outcome(_ kind: String, _ call: String) throws -> String {
        let output = try Program.run(
            try Program.folder().appending(path: "SandboxProbe").path, [kind] + call.split(separator: " ").map(String.init))
        return output.signal.map { "signal \($0)" } ?? String(decoding: output.bytes, as: UTF8.self)
    }

    private static let both = ["pipe", "file"]

    @Test("Memory, time and the open descriptors may be used inside the sandbox", arguments: both)
    func allowed(kind: String) throws {
        let privately = "0x22 -1"
        for call in [
            "mmap 0 4096 0 \(privately)", "mmap 0 4096 3 \(privately)", "brk", "madvise", "clock_gettime 0", "getrandom",
            "gettid",
            "write 1 0 0", "write 2 0 0", "writev 1 0 0"
        ] {
            let outcome = try outcome(kind, call)
            #expect(["ok", "EFAULT"].contains(outcome), "\(call): \(outcome)")
        }
        // Not EPERM: a futex at address 0 is a fault.
        try #expect(outcome(kind, "futex") == "EFAULT")
    }

    @Test("A pipe may be read, a file read at an offset, and neither in any other way")
    func input() throws {
        for (kind, call, expected) in [
            ("pipe", "read 0 0 0", "ok"), ("file", "read 0 0 0", "EPERM"), ("pipe", "pread64 0 0 0 0", "EPERM"),
            ("file", "pread64 0 0 0 0", "ok"), ("pipe", "lseek 0 0 0", "EPERM"), ("file", "lseek 0 0 0", "ok"),
            ("pipe", "read 1 0 0", "EPERM"), ("file", "pread64 1 0 0 0", "EPERM"), ("file", "lseek 1 0 0", "EPERM"),
            ("pipe", "write 0 0 0", "EPERM"), ("file", "write 0 0 0", "EPERM"), ("pipe", "writev 3 0 0", "EPERM")
        ] {
            let outcome = try outcome(kind, call)
            #expect(outcome == expected, "\(kind) \(call): \(outcome)")
        }
    }

    private static let denied = [
        "open", "openat", "openat2", "creat", "stat", "newfstatat", "statx", "access", "readlink", "unlink", "rename", "mkdir",
        "chdir", "chroot", "mount", "dup", "dup2", "fcntl", "ioctl", "pipe", "pipe2", "memfd_create", "eventfd2", "sendfile",
        "socket", "socketpair", "connect", "bind", "sendto", "recvfrom", "fork", "vfork", "clone", "clone3", "unshare", "setns",
        "mprotect", "pkey_mprotect", "shmget", "kill", "tgkill", "tkill", "pidfd_open", "prctl", "prlimit64", "setrlimit",
        "setpriority", "setuid", "capset", "seccomp", "landlock_create_ruleset", "personality", "userfaultfd",
        "perf_event_open", "keyctl", "add_key", "rt_sigaction", "io_uring_enter",
        // Memory that is executable, shared, a file's, or put in place of other memory.
        "mmap 0 4096 4 0x22 -1", "mmap 0 4096 7 0x22 -1", "mmap 0 4096 3 0x21 -1", "mmap 0 4096 1 2 0", "mremap 0 0 0 3"
    ]

    @Test("Every other call is refused inside the sandbox", arguments: both)
    func denied(kind: String) throws {
        for call in Self.denied {
            let outcome = try outcome(kind, call)
            #expect(["EPERM", "unknown"].contains(outcome), "\(call): \(outcome)")
        }
    }

    @Test("A call that only an attacker makes ends the process", arguments: both)
    func fatal(kind: String) throws {
        for call in [
            "execve", "execveat", "ptrace", "process_vm_readv", "process_vm_writev", "bpf", "init_module", "finit_module",
            "delete_module", "kexec_load", "kexec_file_load", "io_uring_setup"
        ] {
            let outcome = try outcome(kind, call)
            #expect(["signal \(SIGSYS)", "unknown"].contains(outcome), "\(call): \(outcome)")
        }
    }

    @Test(
        "The same calls fail otherwise outside the sandbox",
        arguments: ["openat -100", "execve", "mprotect 1", "stat", "pread64 -1"])
    func control(call: String) throws {
        let outcome = try outcome("free", call)
        #expect(["EFAULT", "EINVAL", "EBADF", "unknown"].contains(outcome), "\(outcome)")
    }
}
