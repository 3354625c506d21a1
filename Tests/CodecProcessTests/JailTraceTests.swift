import Audio
import Foundation
import TestSupport
import Testing

@testable import CodecProcess

@Suite(
    "Once ready, a codec process tries nothing it may not do", .tags(.codec, .oracle),
    .enabled(if: codecExecutable() != nil, "sweetspot-codec is not built"),
    .enabled(if: areInstalled("strace"), "strace is not installed"))
struct JailTraceTests {
    private static let forbidden: Set = [
        "open", "openat", "openat2", "creat", "socket", "connect", "execve", "execveat", "fork", "vfork", "clone", "clone3",
        "mprotect"
    ]

    /// A second of 16-bit mono PCM at 8 kHz.
    private static let wave: [UInt8] = {
        func little(_ value: Int, _ bytes: Int) -> [UInt8] { (0..<bytes).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) } }
        let format = little(1, 2) + little(1, 2) + little(8000, 4) + little(16_000, 4) + little(2, 2) + little(16, 2)
        return Array("RIFF".utf8) + little(16_036, 4) + Array("WAVEfmt ".utf8) + little(16, 4) + format + Array("data".utf8)
            + little(16_000, 4) + (0..<8000).flatMap { little($0 * 400 % 20_000, 2) }
    }()

    private static let playlist = Array(
        """
        #EXTM3U
        #EXT-X-TARGETDURATION:10
        #EXTINF:10,
        file:///etc/passwd
        #EXT-X-ENDLIST

        """.utf8)

    private func expectJailed(_ child: TracedChild) {
        #expect(child.messages.first?.kind == .ready && child.messages.count { $0.kind == .ready } == 1)
        #expect(child.before.contains("openat") && child.before.contains("seccomp"))
        #expect(child.after.contains("exit_group") && !child.readsEarly)
        #expect(Self.forbidden.isDisjoint(with: child.after), "\(Self.forbidden.intersection(child.after))")
    }

    private func ingest(_ file: [UInt8], named name: String) throws -> IngestEvent {
        let child = try TracedChild("ingest", input: file, named: name, limits: IngestEvent.limits(fileBytes: file.count))
        expectJailed(child)
        return try IngestEvent(try #require(child.messages.last))
    }

    @Test("Ingest of a good file tries nothing forbidden, and its map names the libraries it said first")
    func good() throws {
        guard case .accepted(let map) = try ingest(Self.wave, named: "song.wav") else {
            return #expect(Bool(false), "it is refused")
        }
        #expect(map.samples == 8000 && map.libraries.hasPrefix("libavformat "))
    }

    @Test("Ingest of a playlist that names files tries nothing forbidden")
    func hostile() throws {
        guard case .refused(let refusal) = try ingest(Self.playlist, named: "song.mp3") else {
            return #expect(Bool(false), "it is accepted")
        }
        #expect(refusal.kind == .unsupportedFormat)
    }

    /// What in the corpus points at other files or servers.
    static let pointers: [URL] = {
        let corpus = ProcessInfo.processInfo.environment["SWEETSPOT_CORPUS"] ?? "../shared/corpus"
        let files = try? FileManager.default.contentsOfDirectory(
            at: URL(filePath: corpus).appending(path: "malformed"), includingPropertiesForKeys: nil)
        return (files ?? []).filter { url in
            ["hls", "concat", "dash", "asx", "dref", "xxe", "url"].contains { url.lastPathComponent.contains($0) }
        }
    }()

    @Test(
        "Ingest of files that point elsewhere tries nothing forbidden",
        .enabled(if: !pointers.isEmpty, "SWEETSPOT_CORPUS names no folder"))
    func pointing() throws {
        for url in Self.pointers { _ = try ingest(Array(try Data(contentsOf: url)), named: url.lastPathComponent) }
    }

    /// A PNG of 3 by 2 black pixels: stored rows (RFC 1951 §3.2.4), with a checksum or a wrong one.
    private static func png(isDamaged: Bool) -> [UInt8] {
        func big(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) } }
        func chunk(_ type: String, _ body: [UInt8]) -> [UInt8] {
            let content = Array(type.utf8) + body
            return big(UInt32(body.count)) + content + big(CRC32.checksum(content))
        }
        // Rows of a filter's number and three grey pixels; Adler-32 of eight zeros.
        let rows: [UInt8] = [0x78, 0x01, 1, 8, 0, 0xF7, 0xFF] + [UInt8](repeating: 0, count: 8) + [0, 8, 0, 1]
        return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + chunk("IHDR", big(3) + big(2) + [8, 0, 0, 0, 0])
            + chunk("IDAT", isDamaged ? [0xFF, 0xFF, 0xFF] : rows) + chunk("IEND", [])
    }

    @Test("A picture process tries nothing forbidden, also with a damaged picture", arguments: [false, true])
    func picture(isDamaged: Bool) throws {
        let child = try TracedChild(
            "picture", ["1"], input: Self.png(isDamaged: isDamaged), named: "picture", limits: PictureConversation.limits)
        expectJailed(child)
        #expect(child.messages.last?.kind == (isDamaged ? .refused : .done))
    }

    @Test("A worker tries nothing forbidden, also with packets of noise", arguments: [false, true])
    func render(isBad: Bool) throws {
        let chunk = try #require(isBad ? MadeChunk()?.asBadMP3 : MadeChunk())
        var body = ByteWriter()
        body.writeField(chunk.job.encoded())
        let words = MessageHeader(.render, length: body.bytes.count + chunk.packets.count, job: 1).words
        var request = ByteWriter()
        request.write(UInt64(littleEndian: words.0))
        request.write(UInt64(littleEndian: words.1))
        let child = try TracedChild(
            "render", input: request.bytes + body.bytes + chunk.packets, named: "request", limits: WorkerReply.limits)
        expectJailed(child)
        let frames = child.messages.filter { $0.kind == .frames }
        #expect(frames.reduce(0) { $0 + $1.body.count } == chunk.job.byteCount && child.messages.last?.kind == .done)
    }
}
