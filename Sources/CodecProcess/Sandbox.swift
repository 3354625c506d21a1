internal import CSandbox
internal import FileSystem
internal import Glibc

/// Which kind of child of `sweetspot-codec` a process is.
public enum SandboxKind: Sendable {
    /// Renders chunks for as long as the parent lives.
    case worker
    /// Reads one file, then ends.
    case ingest

    var limits: sandbox_limits {
        switch self {
        // 170 MiB of the address space are libav's libraries. The CPU limit is a last resort; the parent moves it with each job.
        case .worker: sandbox_limits(address_space: 512 << 20, data: 320 << 20, cpu_seconds: 60)
        case .ingest: sandbox_limits(address_space: 768 << 20, data: 256 << 20, cpu_seconds: 30)
        }
    }

    var input: sandbox_input {
        switch self {
        case .worker: SANDBOX_INPUT_PIPE
        case .ingest: SANDBOX_INPUT_FILE
        }
    }
}

/// The version of the kernel's Landlock, from 1; 0 if it has none or it is switched off. Without Landlock only system call
/// filters and limits keep codec processes from files and the network.
public func landlockVersion() -> Int { Int(sandbox_landlock_version()) }

/// Gives memory that was freed back to the system, after work that took much of it for a short time.
public func giveBackFreedMemory() { allocator_trim() }

/// Gives up everything the process does not need from here on: descriptors from 3 on, files, network, processes, threads, core
/// dumps, privileges, memory beyond the kind's limits, and all system calls but a dozen. Ends the process with status 71 if a
/// step fails.
///
/// The libraries must be warmed up before: afterwards nothing can be opened. Ingest also lowers its priority in the kernel's
/// scheduling behind every listener's work.
public func enterSandbox(_ kind: SandboxKind) {
    if kind == .ingest { _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 15) }
    // libavformat formats dates in MP4 and Ogg, for which the C library reads the time zone file at its first use.
    tzset()
    var step: UnsafePointer<CChar>?
    let error = unsafe sandbox_enter(kind.limits, kind.input, &step)
    guard error == 0 else {
        let name = unsafe step.map { unsafe String(cString: $0) } ?? "a step"
        leave(71, "sweetspot-codec: the sandbox could not be entered: \(name): \(SystemError(code: error, name).reason)")
    }
}
