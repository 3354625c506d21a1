import Foundation
import Testing

@testable import Push

@Suite("Playlists of a push") struct PlaylistPushTests {
    @Test("A pushed playlist says which of its entries are not among the files, by line and name")
    func missing() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "push-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let list = folder.appending(path: "list.m3u")
        try Data(Array("#EXTM3U\r\n#EXTINF:1,x\r\n../gone/".utf8) + [0xDC] + Array("ber.mp3\r\n/etc/passwd\r\n".utf8)).write(
            to: list)
        let push = try Push(server: "http://127.0.0.1:1", key: "key", statePath: folder.path + "/state.json")
        let file = LocalFile(path: Array(list.path.utf8))
        let summary = try await push.run([], playlists: [file], isDry: true) { _ in }
        #expect(summary.missing.map(\.line) == [3, 4] && summary.missing.map(\.entry) == ["../gone/Über.mp3", "/etc/passwd"])
        #expect(summary.missing.allSatisfy { $0.playlist == file } && summary.refused.isEmpty && summary.playlists == 0)
    }
}
