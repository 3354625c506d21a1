internal import Audio
internal import Locker
internal import Originals

extension Intake {
    /// Gives the catalogue the tags that an earlier version did not keep, from the stored maps. A track whose map cannot be
    /// read gets them when the map is made again.
    public func readTagsAgain() async throws {
        var last: OriginalHash?
        while true {
            let hashes = try await catalogue.untagged(after: last)
            for hash in hashes {
                try Task.checkCancellation()
                guard let tags = try? await originals.tags(of: hash) else { continue }
                try await catalogue.retag(hash, tags)
            }
            guard let end = hashes.last else { return }
            last = end
        }
    }
}
