public import Audio
public import Originals
internal import Synchronization

/// The store of an ``Intake``, which makes a TrackMap again from its Original if the map is damaged, of another version, or
/// made with other libraries than ingest would use now. The maps of a read-only store are taken as they are.
public final class RemadeOriginals: OriginalStore {
    private let intake: Intake
    private let libraries: @Sendable () async -> String?
    /// The maps that are being made, so that concurrent requests for one map cost one ingest.
    private let making = Mutex<[OriginalHash: Task<TrackMap, any Error>]>([:])

    /// - Parameter libraries: Names and versions of the libraries that ingest uses now; nil if they are not known.
    public init(_ intake: Intake, libraries: @escaping @Sendable () async -> String?) {
        self.intake = intake
        self.libraries = libraries
    }

    private var originals: any OriginalVault { intake.originals }

    public func trackMap(of hash: OriginalHash) async throws(OriginalError) -> TrackMap {
        if originals.isReadOnly { return try await originals.trackMap(of: hash) }
        let map: TrackMap
        do throws(OriginalError) {
            map = try await originals.trackMap(of: hash)
        } catch .damaged(let reason) {
            do {
                return try await remade(hash)
            } catch {
                throw .damaged("\(reason), and it could not be made again: \(error)")
            }
        }
        guard let now = await libraries(), libavDiffers(map.libraries, now) else { return map }
        // If the current libraries cannot make it, the map of the older ones still serves: it is all there is.
        return (try? await remade(hash)) ?? map
    }

    public func read(
        _ range: Range<Int>, of file: StoredFile, original hash: OriginalHash
    ) async throws(OriginalError) -> [UInt8] {
        try await originals.read(range, of: file, original: hash)
    }

    private func remade(_ hash: OriginalHash) async throws -> TrackMap {
        let task = making.withLock { making in
            if let task = making[hash] { return task }
            // In its own task: if the first caller is cancelled, the others still need the map.
            let task = Task { [intake] in
                defer { self.making.withLock { $0[hash] = nil } }
                return try await intake.remakeMap(hash)
            }
            making[hash] = task
            return task
        }
        return try await task.value
    }
}

/// Whether two texts such as `libavcodec 59.37.100 libswresample 4.7.100` give different versions of a libav library that
/// both name.
func libavDiffers(_ one: String, _ other: String) -> Bool {
    func versions(_ text: String) -> [Substring: Substring] {
        let words = text.split { $0 == " " || $0 == "," || $0 == ";" }
        let pairs = zip(words, words.dropFirst()).filter { $0.0.hasPrefix("libav") }
        return Dictionary(pairs) { first, _ in first }
    }
    let known = versions(one)
    return versions(other).contains { library, version in known[library].map { $0 != version } ?? false }
}
