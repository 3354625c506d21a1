import Foundation
import TestSupport

/// Something that is no sound, and would make a careless player open its neighbours or call strangers.
struct Disguise: Sendable {
    let kind: String
    let content: [UInt8]

    private init(_ kind: String, _ content: [UInt8]) { (self.kind, self.content) = (kind, content) }

    private init(_ kind: String, _ text: String) { self.init(kind, Array(text.utf8)) }

    /// Lists and documents that name the file at `path`, called `name`, and the server at `url`.
    static func texts(name: String, path: String, url: String) -> [Disguise] {
        let places = [
            name, path, "file://\(path)", "\(url)/\(name)", "concat:\(path)|\(path)", "subfile,,start,0,end,100,,:\(path)"
        ]
        let declaration = #"<?xml version="1.0" encoding="UTF-8"?>"# + "\n"
        return [
            Disguise(
                "HLS", "#EXTM3U\n#EXT-X-TARGETDURATION:9\n" + places.map { "#EXTINF:9,\n\($0)\n" }.joined() + "#EXT-X-ENDLIST\n"),
            Disguise("HLS master", "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=9\n\(url)/\(name)\n"),
            Disguise("HLS behind a BOM", "\u{FEFF}#EXTM3U\n#EXTINF:9,\n\(path)\n"),
            Disguise(
                "HLS with a key", "#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI=\"\(url)\"\n#EXTINF:9,\n\(path)\n#EXT-X-ENDLIST\n"),
            Disguise("M3U", places.joined(separator: "\r\n")),
            Disguise(
                "DASH",
                declaration + #"<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static"><Period>"#
                    + #"<AdaptationSet mimeType="audio/mp4"><Representation id="1" bandwidth="1">"#
                    + "<BaseURL>\(url)/\(name)</BaseURL></Representation></AdaptationSet></Period></MPD>"),
            Disguise("ffconcat", "ffconcat version 1.0\n" + places.map { "file '\($0)'\n" }.joined()),
            Disguise("SDP", "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 5004 RTP/AVP 0\n"),
            Disguise("PLS", "[playlist]\nFile1=\(path)\nFile2=\(url)/\(name)\nNumberOfEntries=2\nVersion=2\n"),
            Disguise(
                "XSPF",
                declaration + #"<playlist version="1" xmlns="http://xspf.org/ns/0/"><trackList><track>"#
                    + "<location>file://\(path)</location></track></trackList></playlist>"),
            Disguise("ASX", #"<asx version="3.0"><entry><ref href="\#(url)/\#(name)"/></entry></asx>"#),
            Disguise("ASF reference", "[Reference]\r\nRef1=\(url)/\(name)\r\n"),
            Disguise("CUE", "FILE \"\(name)\" WAVE\r\n  TRACK 01 AUDIO\r\n    INDEX 01 00:00:00\r\n"),
            Disguise(
                "HTML", "<!DOCTYPE html><html><audio src=\"\(url)/\(name)\"></audio><script>fetch('\(url)')</script></html>"),
            Disguise("SVG", #"<svg xmlns="http://www.w3.org/2000/svg"><image href="\#(url)/\#(name)"/></svg>"#),
            Disguise("XML", declaration + "<!DOCTYPE x [<!ENTITY e SYSTEM \"file://\(path)\">]><x>&e;</x>"),
            Disguise("JSON", #"{"url":"\#(url)/\#(name)"}"#),
            Disguise("shell script", "#!/bin/sh\ncat '\(path)'\n"),
            Disguise("RTSP list", "RTSPtextRTSP://127.0.0.1/\(name)\r\n"),
            Disguise("ffmetadata", ";FFMETADATA1\ntitle=\(path)\n")
        ]
    }

    /// Archives, pictures, documents and programs; `song` is put into the archives as it is.
    static func binaries(holding song: String) async throws -> [Disguise] {
        let folder = try TemporaryFolder()
        let picture = ["-nostdin", "-v", "error", "-f", "lavfi", "-i", "testsrc2=s=96x64:d=1", "-frames:v", "1"]
        var made: [Disguise] = []
        for kind in ["png", "jpg", "gif", "bmp", "tiff", "webp"] {
            let path = folder.path + "/picture." + kind
            try await make("ffmpeg", picture + [path])
            made.append(Disguise(kind.uppercased(), try bytes(of: path)))
        }
        let source = URL(filePath: song)
        let place = ["-C", source.deletingLastPathComponent().path, source.lastPathComponent]
        for (kind, flags) in [("tar", "-cf"), ("gzip", "-czf")] {
            let path = folder.path + "/archive." + kind
            try await make("tar", [flags, path] + place)
            made.append(Disguise(kind, try bytes(of: path)))
        }
        let sound = try bytes(of: song)
        let avi = folder.path + "/video.avi"
        let video = [
            "-nostdin", "-v", "error", "-f", "lavfi", "-i", "testsrc2=s=96x64:d=1", "-i", song, "-c:a", "copy", "-t", "1"
        ]
        try await make("ffmpeg", video + [avi])
        let zeros = [UInt8](repeating: 0, count: 26)
        return made + [
            Disguise("AVI", try bytes(of: avi)),
            Disguise("ZIP", Array("PK\u{3}\u{4}\u{A}".utf8) + zeros.prefix(25) + sound),
            Disguise("RAR", Array("Rar!\u{1A}\u{7}\u{1}\0".utf8) + zeros + sound),
            Disguise("7z", [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C, 0, 4] + zeros + sound),
            Disguise("xz", [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0] + zeros),
            Disguise("zstd", [0x28, 0xB5, 0x2F, 0xFD] + zeros),
            Disguise("bzip2", Array("BZh91AY&SY".utf8) + zeros),
            Disguise("PDF", "%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"),
            Disguise("MIDI", Array("MThd\0\0\0\u{6}\0\0\0\u{1}\0\u{60}MTrk\0\0\0\u{4}\0".utf8) + [0xFF, 0x2F, 0]),
            Disguise("ELF", Array(try bytes(of: "/bin/true").prefix(40_000))),
            Disguise("SQLite", Array("SQLite format 3\0".utf8) + zeros)
        ]
    }
}
