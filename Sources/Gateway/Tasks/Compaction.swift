import Audio
import Intake
import Logging
import NIOPosix
import Streaming

/// Makes small renditions with dedicated workers, so that the listeners' workers stay free.
func compaction(executable: String, logger: Logger) -> Intake.Compact {
    { hash, originals, write in
        try await StreamEngine.render(
            .compact, of: hash, in: originals, executable: executable, eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            logger: logger, to: write)
    }
}
