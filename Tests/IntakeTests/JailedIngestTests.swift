import Audio
import CodecProcess
import Foundation
import Glibc
import Locker
import Logging
import NIOPosix
import TestSupport
import Testing

@testable import Intake
@testable import Originals

@Suite("Ingest in its own process", .tags(.codec), .enabled(if: codecExecutable() != nil, "sweetspot-codec is not built"))
struct JailedIngestTests {
    private let bench: Workbench
    private let intake: Intake

    init() throws {
        ignoreBrokenPipes()
        bench = try Workbench()
        intake = Intake(
            originals: bench.originals, catalogue: bench.catalogue, incoming: bench.root + "/incoming",
            codecExecutable: try #require(codecExecutable()), eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            threadPool: .singleton, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    /// A 16-bit stereo WAV file of noise, `samples` long at 44.1 kHz.
    private func wave(samples: Int) -> [UInt8] {
        func little(_ value: Int, _ bytes: Int) -> [UInt8] { (0..<bytes).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) } }
        let data = noise(samples * 4)
        return Array("RIFF".utf8) + little(36 + data.count, 4) + Array("WAVEfmt ".utf8) + little(16, 4) + little(1, 2)
            + little(2, 2) + little(44_100, 4) + little(176_400, 4) + little(4, 2) + little(16, 2) + Array("data".utf8)
            + little(data.count, 4) + data
    }

    /// Has the real encoder make `name` from a second and a bit of noise.
    private func encode(_ name: String) throws -> String {
        let source = try bench.write(wave(samples: 50_000), to: "source.wav")
        let target = bench.root + "/music/" + name
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["ffmpeg", "-v", "error", "-i", source, "-metadata", "title=Named inside", target]
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return target
    }

    @Test(
        "Files of real encoders are taken in",
        arguments: [("song.wav", "wav", false), ("song.flac", "flac", false), ("song.ogg", "ogg", true)])
    func takesInWhatEncodersMake(name: String, container: String, usesPacketFile: Bool) async throws {
        let account = try await bench.catalogue.localAccount()
        let path = try encode(name)
        let admission = try await intake.importFile(path, account: account)
        #expect(admission.isNew && admission.track.container == container && admission.map.usesPacketFile == usesPacketFile)
        #expect(admission.track.title == "Named inside")
        #expect(admission.track.samples == 50_000 && admission.track.sampleRate == 44_100 && admission.track.channels == 2)
        let hash = admission.track.hash
        #expect(try await bench.originals.trackMap(of: hash) == admission.map)
        let file: StoredFile = usesPacketFile ? .packets : .original
        let last = admission.map.packets[admission.map.packets.count - 1]
        #expect(try await bench.originals.read(last.byteRange, of: file, original: hash).count == last.size)
        #expect(try await intake.remakeMap(hash) == admission.map)
        #expect(try bench.files(in: "incoming") == [])
    }

    @Test("A file without sound is refused, and leaves nothing", arguments: ["", "#EXTM3U\n/etc/passwd\n", "plain text"])
    func refuses(content: String) async throws {
        let account = try await bench.catalogue.localAccount()
        let path = try bench.write(Array(content.utf8), to: "song.mp3")
        let error = await #expect(throws: IntakeError.self) { try await intake.importFile(path, account: account) }
        guard case .refused(let refusal) = error else { return #expect(Bool(false), "\(String(describing: error))") }
        #expect(refusal.kind == .unsupportedFormat)
        try await bench.expectNothingLeft()
    }

    @Test("Without a codec ingest fails, and the file is not called bad")
    func tellsItsOwnFailure() async throws {
        let account = try await bench.catalogue.localAccount()
        let lame = Intake(
            originals: bench.originals, catalogue: bench.catalogue, incoming: bench.root + "/incoming",
            codecExecutable: "/nonexistent", eventLoopGroup: MultiThreadedEventLoopGroup.singleton, threadPool: .singleton,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let path = try bench.write(wave(samples: 1_000), to: "song.wav")
        let error = await #expect(throws: IntakeError.self) { try await lame.importFile(path, account: account) }
        guard case .ingestFailed = error else { return #expect(Bool(false), "\(String(describing: error))") }
        try await bench.expectNothingLeft()
    }
}
