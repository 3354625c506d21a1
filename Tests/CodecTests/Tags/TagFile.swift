import Foundation
import Testing

@testable import Codec

/// Bytes as the tag readers get them: in a file that has no name.
struct TagFile {
    let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    func read(_ layout: TagLayout, limit: Int = 256 << 20) throws -> FileTags {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: url) }
        try Data(bytes).write(to: url)
        let handle = try FileHandle(forReadingFrom: url)
        return .read(try #require(InputFile(handle.fileDescriptor)), layout, limit: limit)
    }
}

extension TagLayout {
    /// The layout of a file by its first bytes and its name, as ingest would have it; nil where we have no reader.
    init?(_ name: String, _ bytes: [UInt8]) {
        var head = bytes[...]
        while head.count >= 10, head.starts(with: "ID3".utf8) {
            let size = head.dropFirst(6).prefix(4).reduce(0) { $0 << 7 | Int($1 & 0x7F) }
            head = head.dropFirst(10 + size + (head[head.startIndex + 5] & 0x10 == 0 ? 0 : 10))
        }
        func has(_ magic: String, at offset: Int = 0) -> Bool { head.dropFirst(offset).starts(with: magic.utf8) }
        if has("WAVE", at: 8) {
            self = .wav
        } else if has("FORM") {
            self = .aiff
        } else if has("fLaC") {
            self = .flac
        } else if has("OggS") {
            self = .ogg
        } else if has("ftyp", at: 4) {
            self = .mp4
        } else if head.starts(with: [0x30, 0x26, 0xB2, 0x75]) {
            self = .asf
        } else if has("MAC ") || has("wvpk") || has("MPCK") || has("MP+") {
            self = .ape
        } else if has("TTA1") || ["mp3", "mp2", "mp1", "aac", "adts", "id3", "apev2", "bit"].contains(where: name.hasSuffix) {
            self = .id3
        } else {
            return nil
        }
    }
}
