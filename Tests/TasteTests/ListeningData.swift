import Foundation
import TestSupport

/// The public listening data that may be read for research and not passed on, where there is one.
enum ListeningData {
    static let folder: String? = {
        let named = ProcessInfo.processInfo.environment["SWEETSPOT_RESEARCH"] ?? "../shared/data"
        let folder = named + "/listening"
        let isThere = FileManager.default.fileExists(atPath: folder + "/lastfm2k_plays.tsv")
        if !isThere { print("SKIPPED: no listening data in \(named); SWEETSPOT_RESEARCH names its folder") }
        return isThere ? folder : nil
    }()

    static let isThere = folder != nil

    /// Users and artists of Last.fm 2k (HetRec 2011).
    static func lastfm2k() throws -> [(user: UInt32, item: UInt32)] {
        guard let folder else { return [] }
        let text = String(decoding: try Data(contentsOf: URL(filePath: folder + "/lastfm2k_plays.tsv")), as: UTF8.self)
        return text.split(separator: "\n").dropFirst().compactMap { line in
            let fields = line.split(separator: "\t").compactMap { UInt32($0) }
            return fields.count == 3 ? (fields[0], fields[1]) : nil
        }
    }

    /// SplitMix64's steps over user, item and seed 7: the order by which items are held out.
    static func hash(_ user: UInt32, _ item: UInt32) -> UInt64 {
        var generator = SeededGenerator(seed: (UInt64(user) << 32 | UInt64(item)) &+ 6 &* 0x9E37_79B9_7F4A_7C15)
        return generator.next()
    }
}
