import Testing

@testable import Push

@Suite("A playlist file") struct M3UTests {
    private func read(_ text: String, in folder: String = "/music/lists") -> M3U { M3U(Array(text.utf8), in: Array(folder.utf8)) }

    private func paths(_ list: M3U) -> [String] { list.files.map { String(decoding: $0, as: UTF8.self) } }

    @Test("names files from where it lies, however they are written")
    func paths() {
        let list = read(
            "\u{FEFF}#EXTM3U\r\n#PLAYLIST: Für Elise \r\n#EXTINF:123,Somebody - Something\r\n../a/one.mp3\r\n./two.flac  \n\n"
                + "/other/three.ogg\nfile:///x/f%C3%BCr%20dich.mp3\nhttp://radio.example/stream.mp3\nsub\\four.mp3\n#comment\n")
        #expect(list.name == "Für Elise")
        #expect(
            paths(list) == [
                "/music/a/one.mp3", "/music/lists/two.flac", "/other/three.ogg", "/x/für dich.mp3", "/music/lists/sub/four.mp3"
            ])
    }

    @Test("that is odd or hostile is read as far as it goes")
    func hostile() {
        #expect(read("").files.isEmpty && read("").name == nil)
        #expect(read("#PLAYLIST:   \n").name == nil)
        #expect(paths(read("../../../../../../etc/passwd")) == ["/etc/passwd"])
        #expect(paths(read("file://host/x\nfile:///%zz\n")).isEmpty)
        let bytes: [UInt8] = [0xFF, 0xFE, 0x0A, 0x61, 0xFF, 0x62]
        #expect(
            M3U(bytes, in: Array("/m".utf8)).files == [Array("/m/".utf8) + [0xFF, 0xFE], Array("/m/".utf8) + [0x61, 0xFF, 0x62]])
    }
}
