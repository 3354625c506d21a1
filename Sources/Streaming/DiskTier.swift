import FileSystem
import Logging
import Metrics
import NIOCore
import NIOPosix
import Synchronization

/// Chunks in files, behind the memory cache: rendered once, found again after a restart.
///
/// Their bytes on disk never exceed the budget, and no write leaves less than the floor free: one thread does all writing and
/// makes room before each write. The shared threads read, and trust only data whose checksum is right. If the disk is full,
/// read-only or gone, streams continue without it.
final class DiskTier: Sendable {
    private struct State {
        /// Bytes on disk by name; the least recently used is evicted first.
        var files = WeightedLRU<ChunkName, Bool>(budget: .max)
        /// Bytes of damaged files still to be removed.
        var doomed = 0
        /// Bytes of chunks that wait to be written.
        var pending = 0
        /// Whether the existing files are known.
        var isOpen = false
        var isStopped = false
        var hasComplained = false
    }

    /// Chunks wait to be written within this many bytes; a disk that does not keep up gets no more.
    private static let longestQueue = 4 << 20
    /// The most a directory grows by when a file is added.
    private static let directoryGrowth = ChunkFolder.block

    private let folder: ChunkFolder
    private let budget: Int
    private let floor: Int
    private let readers: NIOThreadPool
    private let writer = NIOThreadPool(numberOfThreads: 1)
    private let logger: Logger
    private let freeBytes: @Sendable (String) throws(SystemError) -> Int
    private let onChange: @Sendable () -> Void
    private let state = Mutex(State())
    private let claim = Mutex<OpenFile?>(nil)
    private let hits: Counter
    private let writes: Counter
    private let damaged: Counter
    private let bytes: Meter

    /// Scans the existing files in the background; until it has finished, every chunk is a miss.
    ///
    /// - Parameters:
    ///   - freeBytes: the free bytes of a directory's file system.
    ///   - onChange: called by the writer after every change of a file.
    init(
        _ configuration: StreamEngine.Configuration.Disk, metrics: any MetricsFactory,
        freeBytes: @escaping @Sendable (String) throws(SystemError) -> Int = ChunkFolder.freeBytes,
        onChange: @escaping @Sendable () -> Void = {}
    ) {
        folder = ChunkFolder(path: configuration.directory)
        budget = configuration.bytes
        floor = configuration.floor
        readers = configuration.threadPool
        logger = configuration.logger
        self.freeBytes = freeBytes
        self.onChange = onChange
        hits = Counter(label: "sweetspot_disk_hits_total", dimensions: [], factory: metrics)
        writes = Counter(label: "sweetspot_disk_writes_total", dimensions: [], factory: metrics)
        damaged = Counter(label: "sweetspot_disk_damaged_total", dimensions: [], factory: metrics)
        bytes = Meter(label: "sweetspot_disk_bytes", dimensions: [], factory: metrics)
        writer.start()
        onWriter { $0.open() }
    }

    deinit {
        // For a server that never ran, and so never called `shutdown()`.
        writer.shutdownGracefully { _ in }
    }

    /// Bytes on disk, as far as known.
    var weight: Int { state.withLock { $0.files.weight + $0.doomed } }

    var count: Int { state.withLock { $0.files.count } }

    /// Whether a file of this name should exist. It becomes the most recently used.
    func contains(_ name: ChunkName) -> Bool {
        state.withLock { $0.files.value(forKey: name) ?? false }
    }

    /// The frames stored under `name`; nil if the file is missing after all, or damaged.
    func load(_ name: ChunkName) async -> [UInt8]? {
        let frames = try? await readers.runIfActive { [folder] in folder.frames(of: name) }
        if let frames {
            hits.increment()
            return frames
        }
        // An unusable file is a miss from now on, and is removed.
        if remove(name) { damaged.increment() }
        return nil
    }

    /// Stores a chunk when the disk is ready, if it ever is.
    func store(_ frames: ByteBuffer, as name: ChunkName) {
        let isTaken = state.withLock { state in
            guard !state.isStopped, state.pending + frames.readableBytes <= Self.longestQueue else { return false }
            state.pending += frames.readableBytes
            return true
        }
        guard isTaken else { return }
        onWriter { tier in
            tier.write(frames, as: name)
            tier.state.withLock { $0.pending -= frames.readableBytes }
        }
    }

    /// Waits until every chunk passed to `store` is stored or dropped.
    func flush() async {
        _ = try? await writer.runIfActive {}
    }

    /// Stores the waiting chunks, and no further ones.
    func shutdown() async {
        state.withLock { $0.isStopped = true }
        await flush()
        try? await writer.shutdownGracefully()
        claim.withLock { claim in
            if let file = claim.take() { ChunkFolder.unclaim(file) }
        }
    }

    private func onWriter(_ body: @escaping @Sendable (DiskTier) -> Void) {
        writer.submit { [weak self] work in
            if case .active = work, let self { body(self) }
        }
    }
}

/// The work of the writer's thread.
extension DiskTier {
    private func open() {
        do throws(SystemError) {
            try claim.withLock { held throws(SystemError) in held = try folder.claim() }
        } catch {
            logger.warning("chunks are kept in memory only", metadata: ["reason": "\(error)"])
            return
        }
        let files = folder.scan()
        state.withLock { state in
            for file in files { state.files.insert(true, forKey: file.name, weight: file.bytes) }
            state.isOpen = true
        }
        attempt { tier throws(SystemError) in try tier.makeRoom(0) }
        bytes.set(weight)
    }

    private func write(_ frames: ByteBuffer, as name: ChunkName) {
        let (isOpen, isThere) = state.withLock { ($0.isOpen, $0.files.value(forKey: name) ?? false) }
        let room = ChunkFolder.diskBytes(ChunkFile.headerBytes + frames.readableBytes)
        guard isOpen, !isThere, room <= budget else { return }
        attempt { tier throws(SystemError) in
            try tier.folder.makeFolder(for: name)
            try tier.makeRoom(room)
            try tier.keepFloor(room)
            try tier.folder.write(ChunkFile.bytes(of: name, frames: frames.readableBytesView), as: name)
            tier.state.withLock { $0.files.insert(true, forKey: name, weight: room) }
            tier.writes.increment()
            tier.onChange()
        }
        bytes.set(weight)
    }

    /// Evicts until `room` bytes more are within the budget.
    private func makeRoom(_ room: Int) throws(SystemError) {
        while weight + room > budget, try evict() != nil {}
    }

    /// If a write would leave too little free, removes as many bytes of files: the cache makes way for other files.
    private func keepFloor(_ room: Int) throws(SystemError) {
        var given = 0
        while try freeBytes(folder.path) - room - Self.directoryGrowth < floor {
            guard given < room, let bytes = try evict() else {
                throw SystemError(code: ENOSPC, "leave \(floor) bytes free on the file system of \(folder.path)")
            }
            given += bytes
        }
    }

    /// Removes the least recently used file and returns its bytes; nil if there is none.
    private func evict() throws(SystemError) -> Int? {
        guard let (name, bytes) = state.withLock({ $0.files.leastRecentlyUsed }) else { return nil }
        try folder.remove(name)
        state.withLock { $0.files.remove(name) }
        onChange()
        return bytes
    }

    /// Makes a chunk a miss from now on, and removes its file. Returns false if no file is known.
    @discardableResult
    func remove(_ name: ChunkName) -> Bool {
        let doomed = state.withLock { state -> Int? in
            guard let bytes = state.files.weight(forKey: name) else { return nil }
            state.files.remove(name)
            state.doomed += bytes
            return bytes
        }
        guard let doomed else { return false }
        onWriter { tier in
            tier.attempt { tier throws(SystemError) in
                try tier.folder.remove(name)
                tier.state.withLock { $0.doomed -= doomed }
                tier.onChange()
            }
        }
        return true
    }

    /// Logs a failure once, and its end once.
    private func attempt(_ body: (DiskTier) throws(SystemError) -> Void) {
        do throws(SystemError) {
            try body(self)
            let isOver = state.withLock { state in
                defer { state.hasComplained = false }
                return state.hasComplained
            }
            if isOver { logger.info("chunks are stored again", metadata: ["directory": "\(folder.path)"]) }
        } catch {
            let isKnown = state.withLock { state in
                defer { state.hasComplained = true }
                return state.hasComplained
            }
            if !isKnown { logger.warning("chunks are kept in memory only", metadata: ["reason": "\(error)"]) }
        }
    }
}
