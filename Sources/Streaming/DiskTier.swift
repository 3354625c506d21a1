import Logging
import Metrics
import NIOCore
import NIOPosix
import Originals
import Synchronization

/// Chunks in files, behind the memory: rendered once, found again after a restart.
///
/// Their bytes on disk never exceed the budget, and no write leaves less than the floor free: room is made before a byte is written,
/// by one thread that does all writing. Reads are done by the shared threads, and believe nothing that the checksum does not say.
/// Where the disk is full, read-only or gone, streams go on without it.
final class DiskTier: Sendable {
    private struct State {
        /// Bytes on disk by name; the least recently used is evicted first.
        var files = WeightedLRU<ChunkName, Bool>(budget: .max)
        /// Bytes of damaged files that are still to be removed.
        var doomed = 0
        /// Bytes of chunks that wait to be written.
        var pending = 0
        /// Whether what is there is known.
        var isOpen = false
        var isStopped = false
        var hasComplained = false
    }

    /// Chunks wait to be written within this many bytes; a disk that does not keep up is not written to.
    private static let longestQueue = 4 << 20
    /// What a directory may grow by when a file comes in.
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

    /// Looks at what is there in the background; until it knows, every chunk is a miss.
    ///
    /// - Parameters:
    ///   - freeBytes: what the file system of a directory has left.
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
        // Without `shutdown()` the server never ran.
        writer.shutdownGracefully { _ in }
    }

    /// Bytes on disk, as far as they are known.
    var weight: Int { state.withLock { $0.files.weight + $0.doomed } }

    var count: Int { state.withLock { $0.files.count } }

    /// Whether there should be a file of this name. It becomes the most recently used.
    func contains(_ name: ChunkName) -> Bool {
        state.withLock { $0.files.value(forKey: name) ?? false }
    }

    /// The frames stored under `name`; nil where they are not there after all, or damaged.
    func load(_ name: ChunkName) async -> [UInt8]? {
        let frames = try? await readers.runIfActive { [folder] in folder.frames(of: name) }
        if let frames {
            hits.increment()
            return frames
        }
        // A file that could not be used is a miss from now on, and goes.
        if remove(name) { damaged.increment() }
        return nil
    }

    /// Stores a chunk as soon as the disk takes it, if it does.
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

    /// Waits until everything that was given to be stored is, or is not.
    func flush() async {
        _ = try? await writer.runIfActive {}
    }

    /// Stores what waits, and nothing more.
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

/// What the writer's thread does.
extension DiskTier {
    private func open() {
        do throws(SystemError) {
            try claim.withLock { held throws(SystemError) in held = try folder.claim() }
        } catch {
            logger.warning("chunks are kept in memory alone", metadata: ["reason": "\(error)"])
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

    /// Where a write would leave too little free, gives up as much of what is here: the cache makes way for others' files.
    private func keepFloor(_ room: Int) throws(SystemError) {
        var given = 0
        while try freeBytes(folder.path) - room - Self.directoryGrowth < floor {
            guard given < room, let bytes = try evict() else {
                throw SystemError(code: ENOSPC, "leave \(floor) bytes free on the file system of \(folder.path)")
            }
            given += bytes
        }
    }

    /// Removes the least recently used file and gives its bytes; nil where there is none.
    private func evict() throws(SystemError) -> Int? {
        guard let (name, bytes) = state.withLock({ $0.files.leastRecentlyUsed }) else { return nil }
        try folder.remove(name)
        state.withLock { $0.files.remove(name) }
        onChange()
        return bytes
    }

    /// Makes a chunk a miss from now on, and removes its file. False where there is none.
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

    /// Says what is wrong once, and once that it is over.
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
            if !isKnown { logger.warning("chunks are kept in memory alone", metadata: ["reason": "\(error)"]) }
        }
    }
}
