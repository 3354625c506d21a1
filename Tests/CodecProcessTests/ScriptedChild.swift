import Foundation
import Testing

@testable import CodecProcess

/// A shell script in a folder of its own that plays a faulty child; `$d` is its folder. Removed when let go.
final class ScriptedChild {
    let executable: String
    private let folder: URL

    /// - Parameter messages: files the script finds in its folder, by name, each holding one message.
    init(_ script: String, messages: [String: (header: MessageHeader, body: [UInt8])] = [:]) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "sweetspot-child-\(UUID().uuidString)")
        executable = folder.appending(path: "child").path
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for (name, message) in messages {
            let head = [message.header.words.0, message.header.words.1].flatMap { word in
                (0..<8).map { UInt8(truncatingIfNeeded: UInt64(littleEndian: word) >> ($0 * 8)) }
            }
            try Data(head + message.body).write(to: folder.appending(path: name))
        }
        let text = "#!/bin/sh\nPATH=/usr/bin:/bin\nd='\(folder.path)'\n\(script)\n"
        try Data(text.utf8).write(to: folder.appending(path: "script"))
        // Not written by this process: a child another test starts meanwhile could hold it open, and it would be "busy".
        let install = try Process.run(
            URL(filePath: "/usr/bin/install"), arguments: ["-m", "700", folder.appending(path: "script").path, executable])
        install.waitUntilExit()
        try #require(install.terminationStatus == 0)
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    func text(of file: String) throws -> String {
        try String(contentsOf: folder.appending(path: file), encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// A worker's first words: fingerprint 7 of libraries called `x`.
    static let ready = (header: MessageHeader(.ready, length: 6), body: [7, 0, 0, 0, 1, 0x78] as [UInt8])
}
