public import Audio
internal import FileSystem
internal import Glibc
public import NIOPosix

/// Originals in a directory: `ab/cd/<sha256>`, with `.map`, `.measures` and, if needed, `.packets` beside each.
public struct DirectoryOriginals: Sendable {
    /// The directory's path, without a slash at its end.
    public let root: String
    let threadPool: NIOThreadPool

    /// - Parameters:
    ///   - root: the first put makes the directory if it is missing.
    ///   - threadPool: does everything that blocks. Belongs to the caller.
    public init(root: String, threadPool: NIOThreadPool) {
        self.root = root
        self.threadPool = threadPool
    }

    func path(of hash: OriginalHash) -> String { "\(root)/\(hash.storedPath)" }

    /// Also checks, by their sizes, that the Original and the packet file are the ones the map was made from. An Original without
    /// its map or packet file is damaged, not missing: they can be made again.
    public func trackMap(of hash: OriginalHash) async throws(OriginalError) -> TrackMap {
        let path = path(of: hash)
        return try await onThreadPool {
            let original = try OpenFile(path)
            let map = try TrackMap(stored: try Self.storedMap(path))
            guard Int(try original.status().st_size) == map.originalBytes else {
                throw OriginalError.damaged("its size is not the \(map.originalBytes) bytes its TrackMap was made from")
            }
            if map.usesPacketFile {
                let packets = try Self.open(derived: path + StoredFile.packets.suffix)
                guard Int(try packets.status().st_size) >= map.packets.endOffset else {
                    throw OriginalError.damaged("its packet file is cut")
                }
            }
            return map
        }
    }

    public func tags(of hash: OriginalHash) async throws(OriginalError) -> TrackTags {
        let path = path(of: hash)
        return try await onThreadPool {
            do {
                return try TrackMap.tags(decoding: try Self.storedMap(path))
            } catch let error as TrackMap.DecodingError {
                throw OriginalError.damaged("its TrackMap is unusable: \(error)")
            }
        }
    }

    /// A map of version 3, which has its measures inside, stands in for a missing file.
    public func measures(of hash: OriginalHash, version: Int) async -> SoundMeasures? {
        let path = path(of: hash)
        let found = try? await onThreadPool { () -> SoundMeasures? in
            if let file = try? OpenFile(path + StoredPart.measures.suffix), let status = try? file.status(),
                status.st_size <= SoundMeasures.Limit.stored
            {
                let measures = SoundMeasures(decoding: try file.read(0..<Int(status.st_size)), version: version)
                if let measures { return measures }
            }
            let former = TrackMap.measures(decoding: try Self.storedMap(path))
            return former?.version == version ? former : nil
        }
        return found ?? nil
    }

    private static func storedMap(_ path: String) throws -> [UInt8] {
        let file = try open(derived: path + StoredPart.map.suffix)
        let size = Int(try file.status().st_size)
        guard size <= TrackMap.storedLimit else { throw OriginalError.damaged("its TrackMap has \(size) bytes") }
        return try file.read(0..<size)
    }

    public func read(
        _ range: Range<Int>, of file: StoredFile, original hash: OriginalHash
    ) async throws(OriginalError) -> [UInt8] {
        let path = path(of: hash) + file.suffix
        return try await onThreadPool {
            let file = try OpenFile(path)
            // The size is checked first, so that a wrong range costs no memory.
            let size = Int(try file.status().st_size)
            guard range.lowerBound >= 0, range.upperBound <= size else { throw OriginalError.endsEarly(at: size, range) }
            let bytes = try file.read(range)
            guard bytes.count == range.count else { throw OriginalError.endsEarly(at: range.lowerBound + bytes.count, range) }
            return bytes
        }
    }

    private static func open(derived path: String) throws -> OpenFile {
        do throws(SystemError) {
            return try OpenFile(path)
        } catch {
            throw error.isMissing ? OriginalError.damaged("\(error)") : error
        }
    }

    func onThreadPool<Result: Sendable>(
        _ body: @escaping @Sendable () throws -> Result
    ) async throws(OriginalError) -> Result {
        do {
            return try await threadPool.runIfActive(body)
        } catch let error as OriginalError {
            throw error
        } catch let error as SystemError {
            throw error.isMissing ? .missing : .unreachable("\(error)")
        } catch {
            throw .unreachable("\(error)")
        }
    }
}

extension OriginalError {
    static func endsEarly(at size: Int, _ range: Range<Int>) -> Self {
        .damaged("it ends at byte \(size), before \(range)")
    }
}
