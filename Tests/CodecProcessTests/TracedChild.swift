import Foundation
import NIOCore
import Testing

@testable import CodecProcess

/// One run of `sweetspot-codec` under strace: what it said, and the system calls it made or tried before and after it was ready.
struct TracedChild {
    static let strace = "/usr/bin/strace"

    let messages: [Message]
    let before: [String]
    let after: [String]
    /// Whether it read any of its input before it was ready.
    let readsEarly: Bool

    init(_ mode: String, _ arguments: [String] = [], input: [UInt8], named name: String, limits: [MessageKind: Int]) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "sweetspot-trace-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: name)
        try Data(input).write(to: file)
        let trace = folder.appending(path: "trace")
        let output = try Program.run(
            Self.strace, ["-f", "-o", trace.path, try #require(codecExecutable()), mode] + arguments, input: file)
        try #require(output.status == 0 && output.signal == nil)

        var messages: [Message] = []
        let processor = NIOSingleStepByteToMessageProcessor(MessageDecoder(limits: limits))
        try processor.process(buffer: ByteBuffer(bytes: output.bytes)) { messages.append($0) }
        self.messages = messages
        // A line is `process call(arguments) = result`, or a note that a process got a signal or ended.
        let calls = try String(contentsOf: trace, encoding: .utf8).split(separator: "\n").compactMap { line -> Substring? in
            // The number is padded to five digits.
            let call = line.drop { $0.isNumber }.drop { $0 == " " }
            return call.first?.isLetter == true ? call : nil
        }
        // The first it writes to the pipe is its first message.
        let ready = try #require(calls.firstIndex { $0.hasPrefix("writev(1,") || $0.hasPrefix("write(1,") })
        readsEarly = calls[..<ready].contains { $0.hasPrefix("read(0,") || $0.hasPrefix("pread64(0,") }
        before = calls[..<ready].map { String($0.prefix { $0 != "(" }) }
        after = calls[calls.index(after: ready)...].map { String($0.prefix { $0 != "(" }) }
    }
}
