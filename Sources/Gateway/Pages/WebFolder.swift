import CodecProcess
import FileSystem
import Foundation

/// The folder with the player's files.
enum WebFolder {
    /// Bytes of all files together: what is larger is no player, and is kept in memory.
    private static let most = 32 << 20

    /// Where the folder is: the one that is configured, else beside the running executable, where SwiftPM puts a package's
    /// resources (the test bundle in tests), else `../share/sweetspot/Web` from there, as programs are installed.
    ///
    /// - Returns: the first in which there is a page; nil if there is none.
    static func path(configured: String?) -> String? {
        if let configured { return configured }
        guard let own = runningExecutable(), let slash = own.utf8.lastIndex(of: UInt8(ascii: "/")) else { return nil }
        let places = ["sweetspot_Gateway.resources/Web", "../share/sweetspot/Web"].map { String(own[...slash]) + $0 }
        return places.first { FileManager.default.fileExists(atPath: $0 + WebSite.page) }
    }

    /// The files in a folder and the folders in it, by their paths from it: `/core/queue.js`. Hidden files are left out. Blocks.
    ///
    /// - Throws: ``SystemError``, or ``WebSite/Fault`` if they are too large.
    static func files(in folder: String) throws -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        var left = most
        func add(_ path: String) throws {
            for name in try Directory.names(in: folder + path) where !name.hasPrefix(".") {
                let place = "\(path)/\(name)"
                guard let access = FileAccess(folder + place, followsLinks: true) else { continue }
                if access.isDirectory {
                    try add(place)
                } else if access.isReadable {
                    let bytes = try OpenFile(folder + place).read(0..<(left + 1))
                    left -= bytes.count
                    guard left >= 0 else { throw WebSite.Fault("the files in \(folder) have more than \(most) bytes") }
                    files[place] = bytes
                }
            }
        }
        try add("")
        return files
    }
}
