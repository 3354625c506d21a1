import Audio
import Intake
import Logging
import NIOPosix
import Streaming

/// Makes small renditions with workers of their own: those of the listeners are theirs alone.
func compaction(executable: String, logger: Logger) -> Intake.Compact {
    { hash, originals, write in
        try await StreamEngine.render(
            .compact, of: hash, in: originals, executable: executable, eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            logger: logger, to: write)
    }
}
