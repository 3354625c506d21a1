import Audio
import Foundation
import Logging
import NIOPosix
import TestSupport
import Testing

@testable import CodecProcess

@Suite("Pictures in a process", .tags(.codec))
struct PictureProcessTests {
    private static let messages: [String: (header: MessageHeader, body: [UInt8])] = [
        "ready": (MessageHeader(.ready, length: 0), []), "done": (MessageHeader(.done, length: 0), []),
        "jpeg": (MessageHeader(.artBytes, length: 4), [0xFF, 0xD8, 0xFF, 1]),
        "rest": (MessageHeader(.artBytes, length: 2), [2, 3]),
        "text": (MessageHeader(.artBytes, length: 4), Array("text".utf8)),
        "full": (MessageHeader(.artBytes, length: 1 << 16), [UInt8](repeating: 0xFF, count: 1 << 16)),
        "progress": (MessageHeader(.progress, length: 16), [UInt8](repeating: 0, count: 16))
    ]

    /// A picture as far as its header goes.
    private static let picture: [UInt8] =
        [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13] + Array("IHDR".utf8) + [0, 0, 0, 9, 0, 0, 0, 7]

    private static func resize(
        _ executable: String, _ picture: [UInt8] = picture, deadline: Duration = .seconds(300)
    ) async throws -> [UInt8] {
        let process = PictureProcess(
            executable: executable, eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        return try await process.resize(picture, to: 5, PictureConversation(deadline: deadline))
    }

    private static func resize(script: String, deadline: Duration = .seconds(300)) async throws -> [UInt8] {
        let child = try ScriptedChild(script, messages: messages)
        defer { withExtendedLifetime(child) {} }
        return try await resize(child.executable, deadline: deadline)
    }

    @Test("A picture process gets the size and the picture, and its answer is put together")
    func answers() async throws {
        let child = try ScriptedChild(
            "echo \"$@\" >$d/words; cat >$d/copy; cat $d/ready $d/jpeg $d/rest $d/done", messages: Self.messages)
        #expect(try await Self.resize(child.executable, Array("a picture".utf8)) == [0xFF, 0xD8, 0xFF, 1, 2, 3])
        #expect(try child.text(of: "words") == "picture 5")
        #expect(try child.text(of: "copy") == "a picture")
    }

    @Test(
        "A crash, a timeout or a forbidden message is the picture's fault",
        arguments: [
            "cat $d/ready; kill -SEGV $$", "cat $d/ready; exit 0", "cat $d/ready $d/jpeg; exit 0", "cat $d/ready $d/done",
            "cat $d/ready $d/text $d/done", "cat $d/ready $d/ready $d/jpeg $d/done", "cat $d/ready $d/progress $d/jpeg $d/done",
            "cat $d/ready; i=0; while [ $i -lt 200 ]; do cat $d/full; i=$((i + 1)); done; cat $d/done",
            "cat $d/ready /dev/zero", "cat $d/ready; exec sleep 1000"
        ])
    func refused(script: String) async throws {
        // Only what sleeps is to meet its deadline, and not before it is ready.
        let deadline = Duration.seconds(script.hasSuffix("sleep 1000") ? 10 : 300)
        await #expect {
            try await Self.resize(script: script, deadline: deadline)
        } throws: { ($0 as? Refusal)?.kind == .undecodable }
    }

    @Test(
        "A failure before the process is ready is not the picture's fault",
        arguments: ["exit 71", "cat $d/jpeg $d/done", "exec sleep 1000"])
    func unavailable(script: String) async throws {
        await #expect {
            try await Self.resize(script: script, deadline: .seconds(1))
        } throws: { error in
            if case WorkerError.unavailable = error { true } else { false }
        }
    }

    @Test(
        "The real picture process refuses what it cannot decode",
        .enabled(if: codecExecutable() != nil, "sweetspot-codec is not built"),
        arguments: [picture, [], Array("no picture".utf8)])
    func real(picture: [UInt8]) async throws {
        let executable = try #require(codecExecutable())
        await #expect(throws: Refusal.self) { try await Self.resize(executable, picture) }
    }
}
