import Foundation
import Hummingbird
import NIOCore
import Packaging

/// Writes an archive to a client, as fast as the client reads.
struct Archive {
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
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let date = Date(timeIntervalSince1970: Double(time) / 1000)
        let part = calendar.dateComponents([.year, .month, .day, .hour, .minute, .second], from: date)
        let stamp = ZipStream.stamp(
            year: part.year ?? 1980, month: part.month ?? 1, day: part.day ?? 1, hour: part.hour ?? 0, minute: part.minute ?? 0,
            second: part.second ?? 0)
        try await send(zip.begin(name, size: size, modified: stamp))
    }

    @concurrent mutating func write(_ bytes: [UInt8]) async throws {
        zip.add(bytes)
        try await send(bytes)
    }

    @concurrent mutating func end() async throws { try await send(zip.end()) }

    /// A file that is a JSON array of the documents that `body` writes.
    @concurrent mutating func array(
        _ body: @concurrent (@concurrent (any JSONWritable) async throws -> Void) async throws -> Void
    ) async throws {
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
