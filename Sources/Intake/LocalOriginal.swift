internal import Audio
internal import FileSystem
internal import NIOPosix
internal import Originals

/// A store of one Original that no locker has yet: a local file. The caller keeps its files.
struct LocalOriginal: OriginalStore {
    let hash: OriginalHash
    let map: TrackMap
    let path: String
    /// The path of the file with the Original's packets.
    let packets: String
    let threadPool: NIOThreadPool

    func trackMap(of hash: OriginalHash) async throws(OriginalError) -> TrackMap {
        guard hash == self.hash else { throw .missing }
        return map
    }

    func read(_ range: Range<Int>, of file: StoredFile, original hash: OriginalHash) async throws(OriginalError) -> [UInt8] {
        guard hash == self.hash else { throw .missing }
        do {
            let path = file == .original ? path : packets
            return try await threadPool.runIfActive {
                let bytes = try OpenFile(path).read(range)
                guard bytes.count == range.count else {
                    throw OriginalError.damaged("\(path) ends before byte \(range.upperBound)")
                }
                return bytes
            }
        } catch {
            throw error as? OriginalError ?? .unreachable("\(error)")
        }
    }
}

extension LocalOriginal {
    init(_ made: Made, path: String, hash: OriginalHash, threadPool: NIOThreadPool) {
        self.init(hash: hash, map: made.map, path: path, packets: made.packets?.path ?? path, threadPool: threadPool)
    }
}
