import Audio
import Intake
import Logging
import NIOPosix
import Streaming

/// Makes small renditions with workers of their own: those of the listeners are theirs alone.
func compaction(executable: String, logger: Logger) -> Intake.Compact {
    { hash, originals, write in
        try await StreamEngine.withOwnWorkers(
            1, of: originals, executable: executable, eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: logger
        ) { engine in
            let stream = try await engine.stream(of: hash, in: .compact)
            var reading = try await stream.read(0..<stream.length)
            while let bytes = try await reading.next() { try await write(bytes) }
        }
    }
}
