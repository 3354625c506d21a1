import Foundation
import Hummingbird
import Locker
import NIOCore
import Originals
import Packaging

/// Writes an archive to a client, as fast as the client reads.
struct Archive {
    /// Bytes of an original that are read at a time.
    private static let piece = 256 << 10

    private var zip = ZipStream()
    private var writer: any ResponseBodyWriter
    private let channel: any Channel
    private var queued = 0

    init(writer: any ResponseBodyWriter, channel: any Channel) {
        self.writer = writer
        self.channel = channel
    }

    @concurrent mutating func add(_ name: String, _ bytes: [UInt8]) async throws {
        try await begin(name, size: bytes.count, at: Int(Date.now.timeIntervalSince1970 * 1000))
        try await write(bytes)
        try await end()
    }

    /// - Parameter time: milliseconds since 1970.
    @concurrent mutating func begin(_ name: String, size: Int?, at time: Int) async throws {
        let day = CalendarDay.containing(time)
        let date = CalendarDay.date(day)
        let second = (time - day * CalendarDay.milliseconds) / 1000
        let stamp = ZipStream.stamp(
            year: date.year, month: date.month, day: date.day, hour: second / 3600, minute: second / 60 % 60, second: second % 60)
        try await send(zip.begin(name, size: size, modified: stamp))
    }

    @concurrent mutating func write(_ bytes: [UInt8]) async throws {
        zip.add(bytes)
        try await send(bytes)
    }

    @concurrent mutating func end() async throws { try await send(zip.end()) }

    /// A track's original, as it is stored.
    ///
    /// - Parameter before: called before each piece, with the bytes of it. What it throws ends the archive.
    @concurrent mutating func add(
        _ track: Track, as name: String, from originals: any OriginalStore,
        before: @concurrent (Range<Int>) async throws -> Void = { _ in }
    ) async throws {
        try await begin(name, size: track.bytes, at: track.added)
        for offset in stride(from: 0, to: track.bytes, by: Self.piece) {
            let piece = offset..<min(offset + Self.piece, track.bytes)
            try await before(piece)
            try await write(try await originals.read(piece, of: .original, original: track.hash))
        }
        try await end()
    }

    /// A file that is a JSON array of the documents that `body` writes.
    ///
    /// - Parameter time: milliseconds since 1970.
    @concurrent mutating func array(
        _ name: String, at time: Int,
        _ body: @concurrent (@concurrent (any JSONWritable) async throws -> Void) async throws -> Void
    ) async throws {
        try await begin(name, size: nil, at: time)
        var isFirst = true
        try await body { item in
            var text = JSONText()
            try item.write(to: &text)
            try await write((isFirst ? [UInt8(ascii: "[")] : Array(",\n".utf8)) + text.bytes)
            isFirst = false
        }
        try await write(Array((isFirst ? "[]\n" : "]\n").utf8))
        try await end()
    }

    @concurrent mutating func finish() async throws {
        try await send(zip.directory())
        try await writer.finish(nil)
    }

    @concurrent private mutating func send(_ bytes: [UInt8]) async throws {
        try await writer.write(ByteBuffer(bytes: bytes))
        // As for media: a write only queues for the event loop.
        queued += bytes.count
        guard queued >= 1 << 20 else { return }
        try await channel.eventLoop.submit {}.get()
        queued = 0
    }
}
