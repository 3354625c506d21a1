import Foundation
import Testing

/// The folder of real music and broken files, where there is one.
public enum Corpus {
    public static let folder: String? = {
        let named = ProcessInfo.processInfo.environment["SWEETSPOT_CORPUS"] ?? "../shared/corpus"
        return FileManager.default.fileExists(atPath: named) ? URL(filePath: named).path : nil
    }()

    public static let isThere = folder != nil

    /// The folder of small files of reported faults, beside the corpus.
    public static let cases: String? = {
        let named = "../shared/cases"
        return FileManager.default.fileExists(atPath: named) ? URL(filePath: named).path : nil
    }()

    /// The bytes of a file of a reported fault.
    public static func reported(_ name: String) throws -> [UInt8] {
        try bytes(of: try #require(cases) + "/" + name)
    }

    /// Paths of the music, smallest first.
    public static let music = files(in: "music").sorted { size(of: $0) < size(of: $1) }

    public static let malformed = files(in: "malformed")

    /// Paths of files of every kind, most of them sound, some of them odd.
    public static let conformance = files(in: "conformance")

    /// What the manifest takes the files of ``conformance`` for: paths by container and codec.
    public static let kinds: [String: [String]] = {
        guard let folder, let manifest = try? text(of: folder + "/MANIFEST.tsv") else { return [:] }
        let rows = manifest.split(separator: "\n").map { $0.split(separator: "\t", omittingEmptySubsequences: false) }
        let files = rows.filter { $0.count > 3 && $0[0] == "conformance" }
        return Dictionary(grouping: files) { "\($0[3]) \($0[2])" }.mapValues { rows in rows.map { "\(folder)/\($0[1])" } }
    }()

    /// Paths of the files in one of its folders, sorted by name.
    public static func files(in name: String) -> [String] {
        guard let folder else { return [] }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(name)")) ?? []
        return names.sorted().map { "\(folder)/\(name)/\($0)" }
    }

    private static func size(of path: String) -> Int {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        return (attributes?[.size] as? NSNumber)?.intValue ?? 0
    }
}
