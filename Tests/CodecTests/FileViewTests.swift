import Foundation
import Testing

@testable import Codec

@Suite("A demuxer sees the view, and offsets lead back to the file")
struct FileViewTests {
    /// Runs `body` with a file that holds the bytes.
    static func with<Value>(_ bytes: [UInt8], _ body: (InputFile) throws -> Value) throws -> Value {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: url) }
        try Data(bytes).write(to: url)
        let handle = try FileHandle(forReadingFrom: url)
        return try body(try #require(InputFile(handle.fileDescriptor)))
    }

    private static func contents(_ view: FileView, pieces: Int) -> [UInt8] {
        var all: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: pieces)
        while true {
            let count = buffer.withUnsafeMutableBytes { view.read(into: $0) }
            if count == 0 { return all }
            all += buffer.prefix(count)
        }
    }

    @Test("A view reads the same in pieces of any size", arguments: [1, 2, 7, 100])
    func reading(pieces: Int) throws {
        try Self.with(Array(0..<50)) { file in
            let view = FileView(file, head: [200, 201], [3..<10, 20..<30])
            #expect(view.size == 19)
            #expect(Self.contents(view, pieces: pieces) == [200, 201] + Array(3..<10) + Array(20..<30))
            #expect((0..<19).map { view.fileOffset(of: $0) } == [nil, nil] + Array(3..<10) + Array(20..<30))
            for outside in [-1, 19, .max, .min] { #expect(view.fileOffset(of: outside) == nil) }
            #expect(!view.seek(to: 20) && !view.seek(to: -1) && view.seek(to: 19))
            #expect(Self.contents(view, pieces: pieces) == [])
        }
    }

    @Test("An overlay hides what it covers, also over a seam", arguments: 0...46)
    func overlay(at position: Int) throws {
        try Self.with(Array(0..<50)) { file in
            let view = FileView(file, [0..<20, 20..<50])
            view.overlay([100, 101, 102, 103], at: position)
            var expected = Array(0..<50 as Range<UInt8>)
            expected.replaceSubrange(position..<(position + 4), with: [100, 101, 102, 103])
            #expect(Self.contents(view, pieces: 9) == expected)
            #expect(view.fileOffset(of: position) == nil)
            #expect(view.fileOffset(of: 49) == (position == 46 ? nil : 49))
        }
    }
}
