import Audio
import Foundation
import Logging
import NIOCore
import NIOPosix
import TestSupport
import Testing

@testable import CodecProcess

@Suite("Ingest in a process", .tags(.codec))
struct IngestProcessTests {
    /// The first words: ready, with libraries called `x`.
    private static let ready = (header: MessageHeader(.ready, length: 1), body: [0x78] as [UInt8])
    private static let progress = (
        header: MessageHeader(.progress, length: 16),
        body: [2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0] as [UInt8]
    )

    /// A script that plays a process which gets ready, then goes wrong.
    private static func scripted(
        _ script: String, messages: [String: (header: MessageHeader, body: [UInt8])] = [:]
    ) throws -> ScriptedChild {
        let known = ["ready": ready, "progress": progress]
        return try ScriptedChild("cat $d/ready\n\(script)", messages: known.merging(messages) { $1 })
    }

    /// Runs ingest on a file of these bytes.
    private static func run(
        _ executable: String, on bytes: [UInt8] = Array("no sound at all".utf8), patience: Duration = .seconds(300),
        onEvent: (IngestEvent) async throws -> Void = { _ in }
    ) async throws -> (IngestedTrack, ProcessCost) {
        let path = FileManager.default.temporaryDirectory.appending(path: "sweetspot-ingest-\(UUID().uuidString)").path
        try #require(FileManager.default.createFile(atPath: path, contents: Data(bytes)))
        let file = open(path, O_RDWR | O_CLOEXEC)
        unlink(path)
        defer {
            #expect(lseek(file, 0, SEEK_CUR) == 0)
            close(file)
        }
        return try await IngestProcess.run(
            executable: executable, fileDescriptor: file,
            conversation: IngestConversation(fileBytes: bytes.count, patience: patience),
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            onEvent: onEvent)
    }

    @Test(
        "A file that is not sound is refused by the real process",
        .enabled(if: codecExecutable() != nil, "sweetspot-codec is not built"))
    func refused() async throws {
        let executable = try #require(codecExecutable())
        await #expect {
            try await Self.run(executable)
        } throws: { ($0 as? Refusal)?.kind == .unsupportedFormat }
    }

    @Test(
        "A crash is a refusal that says so",
        arguments: [
            ("kill -SEGV $$", "signal 11"), ("exit 5", "status 5"), ("cat $d/progress", "status 0"),
            ("cat $d/ready; exec sleep 1000", "signal 9")
        ])
    func crash(script: String, ending: String) async throws {
        let child = try Self.scripted(script)
        await #expect {
            try await Self.run(child.executable)
        } throws: { error in
            guard let refusal = error as? Refusal else { return false }
            return refusal.kind == .undecodable && refusal.reason.hasSuffix(ending)
        }
    }

    @Test("A process that takes too long is killed, and its file is refused with the place where it stopped")
    func deadline() async throws {
        let child = try Self.scripted("echo $$ >$d/pid; cat $d/progress; exec sleep 1000")
        await #expect(throws: Refusal(.undecodable, "decoding it takes longer than 5 s", offset: 2)) {
            try await Self.run(child.executable, patience: .seconds(5))
        }
        #expect(isGone(try #require(Int32(try child.text(of: "pid")))))
    }

    @Test("Garbage from a process is a refusal and ends the process")
    func garbage() async throws {
        let child = try Self.scripted("echo $$ >$d/pid; cat /dev/zero")
        await #expect {
            try await Self.run(child.executable)
        } throws: { ($0 as? Refusal)?.kind == .undecodable }
        #expect(isGone(try #require(Int32(try child.text(of: "pid")))))
    }

    @Test("Events arrive in order, and an error of their receiver ends the process")
    func receiverThrows() async throws {
        struct DiskFull: Error {}
        let packet = (header: MessageHeader(.packetBytes, length: 1), body: [7] as [UInt8])
        let child = try Self.scripted(
            "echo $$ >$d/pid; cat $d/progress $d/packet $d/packet; exec sleep 1000", messages: ["packet": packet])
        var events: [IngestEvent] = []
        await #expect(throws: DiskFull.self) {
            try await Self.run(child.executable) { event in
                events.append(event)
                if events.count == 4 { throw DiskFull() }
            }
        }
        #expect(
            events == [.ready(libraries: "x"), .progress(bytes: 2, milliseconds: 0), .packetBytes([7]), .packetBytes([7])])
        #expect(isGone(try #require(Int32(try child.text(of: "pid")))))
    }

    @Test("The pipe is not read ahead while an event is handled")
    func backPressure() async throws {
        let piece = (header: MessageHeader(.packetBytes, length: 1 << 16), body: [UInt8](repeating: 1, count: 1 << 16))
        let child = try Self.scripted(
            "for i in 1 2 3 4; do cat $d/piece $d/piece $d/piece $d/piece $d/piece $d/piece $d/piece $d/piece; done; echo >$d/finished",
            messages: ["piece": piece])
        var pieces = 0
        await #expect(throws: Refusal.self) {
            try await Self.run(child.executable, on: [UInt8](repeating: 0, count: 32 << 16)) { event in
                guard case .packetBytes = event else { return }
                pieces += 1
                guard pieces == 1 else { return }
                // A whole other ingest: far more time than two megabytes need through a pipe that is read.
                let other = try ScriptedChild("cat >$d/copy")
                _ = try? await Self.run(other.executable)
                #expect((try? child.text(of: "finished")) == nil)
            }
        }
        #expect(pieces == 32)
        try #expect(child.text(of: "finished") == "")
    }

    @Test("Cancelling ingest ends the process")
    func cancelled() async throws {
        let child = try Self.scripted("echo $$ >$d/pid; cat $d/progress; exec sleep 1000")
        let executable = child.executable
        let task = Task {
            try await Self.run(executable) { event in
                // It says that it is ready before it writes its number.
                if case .progress = event { withUnsafeCurrentTask { $0?.cancel() } }
            }
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(isGone(try #require(Int32(try child.text(of: "pid")))))
    }

    @Test("The child sees the file from its start, cannot write it, and leaves our position alone")
    func descriptor() async throws {
        let child = try Self.scripted("cat >$d/copy; grep flags /proc/$$/fdinfo/0 >$d/flags; ls /proc/self/fd >$d/open; exit 0")
        await #expect(throws: Refusal.self) { try await Self.run(child.executable, on: Array("all of it".utf8)) }
        try #expect(child.text(of: "copy") == "all of it")
        // The last octal digit is the access mode: 0 is O_RDONLY.
        try #expect(child.text(of: "flags").hasSuffix("0"))
        // 3 is the folder `ls` reads.
        try #expect(child.text(of: "open").split(separator: "\n") == ["0", "1", "2", "3"])
    }

    @Test(
        "A failure before the process is ready is not the file's fault",
        arguments: [
            "/nonexistent", "exit 0", "exit 71", "kill -SEGV $$", "cat $d/progress; exec sleep 1000", "cat /dev/zero",
            "exec sleep 1000"
        ])
    func unavailable(script: String) async throws {
        let child = try ScriptedChild(script, messages: ["progress": Self.progress])
        let executable = script.hasPrefix("/") ? script : child.executable
        await #expect {
            try await Self.run(executable, patience: .seconds(1))
        } throws: { error in
            if case WorkerError.unavailable = error { true } else { false }
        }
    }
}
