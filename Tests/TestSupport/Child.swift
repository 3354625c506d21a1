import Foundation
import Glibc
import Testing

/// A child process. (Foundation's `Process` crashes now and then while many files are open.)
public struct Child: Sendable {
    public let identifier: Int32
    private let end: Task<Int32, Never>

    /// Starts a program with three files for its descriptors and no other.
    ///
    /// - Parameter input: a descriptor for its stdin; `/dev/null` without it.
    public init(
        _ path: String, _ arguments: [String], environment: [String: String], input: Int32? = nil, output: String, errors: String
    ) throws {
        let identifier = try Self.start(
            path, arguments, environment: environment, input: input, output: output, errors: errors)
        self.identifier = identifier
        end = Task {
            await withCheckedContinuation { continuation in
                Thread.detachNewThread {
                    continuation.resume(returning: Self.wait(for: identifier))
                }
            }
        }
    }

    /// Waits for its end: the status it exits with, or minus the signal that ended it.
    public var status: Int32 {
        get async {
            Self.exit(of: await end.value)
        }
    }

    /// Starts the program. The caller must ``wait(for:)`` it.
    static func start(
        _ path: String, _ arguments: [String], environment: [String: String], input: Int32? = nil, output: String, errors: String
    ) throws -> Int32 {
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        if let input {
            posix_spawn_file_actions_adddup2(&actions, input, 0)
        } else {
            posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        }
        for (descriptor, path) in [(Int32(1), output), (2, errors)] {
            posix_spawn_file_actions_addopen(&actions, descriptor, path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        }
        for name in try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd") {
            if let descriptor = Int32(name), descriptor > 2 { posix_spawn_file_actions_addclose(&actions, descriptor) }
        }
        // Threads of this process block signals, and it may ignore some; a child begins with neither.
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

        let words = ([path] + arguments).map { strdup($0) } + [nil]
        let variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for word in words + variables { free(word) } }
        var number: pid_t = 0
        let error = posix_spawn(&number, path, &actions, &attributes, words, variables)
        try #require(error == 0, "\(path): \(String(cString: strerror(error)))")
        return number
    }

    /// Blocks until the child has ended. Returns its wait status.
    static func wait(for identifier: Int32) -> Int32 {
        var status: Int32 = 0
        while waitpid(identifier, &status, 0) < 0, errno == EINTR {}
        return status
    }

    /// The status it exits with, or minus the signal that ended it.
    static func exit(of status: Int32) -> Int32 { status & 0x7F == 0 ? status >> 8 & 0xFF : -(status & 0x7F) }
}
