import CodecProcess
import Glibc

/// Processor and wall time of this process, at one moment.
struct ProcessUsage {
    private let cpu: Duration
    private let moment: ContinuousClock.Instant

    static var now: ProcessUsage {
        var time = timespec()
        _ = unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return ProcessUsage(cpu: .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec), moment: .now)
    }

    static func - (end: ProcessUsage, start: ProcessUsage) -> ProcessCost {
        ProcessCost(cpu: end.cpu - start.cpu, wall: end.moment - start.moment)
    }
}

extension ProcessCost {
    /// This cost and the processor time of child processes, which no clock of this process sees.
    func adding(_ children: Duration) -> ProcessCost {
        ProcessCost(cpu: cpu + children, wall: wall)
    }
}
