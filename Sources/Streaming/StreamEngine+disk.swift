public import Logging
public import NIOPosix

extension StreamEngine.Configuration {
    /// A directory of chunks that outlives the server. It may be deleted at any time, and belongs to one server at a time.
    public struct Disk: Sendable {
        /// The directory's path, without a slash at its end. The directory is made if it is missing.
        public var directory: String
        /// Bytes of files kept there at most; 0 keeps none.
        public var bytes: Int
        /// Bytes every write leaves free on the directory's file system.
        public var floor: Int
        /// Reads the files. Belongs to the caller.
        public var threadPool: NIOThreadPool
        /// Gets one message if the disk cannot be used, and one when it can be used again.
        public var logger: Logger

        public init(directory: String, bytes: Int, floor: Int, threadPool: NIOThreadPool, logger: Logger) {
            self.directory = directory
            self.bytes = bytes
            self.floor = floor
            self.threadPool = threadPool
            self.logger = logger
        }
    }
}
