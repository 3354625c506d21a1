import Audio
import TestSupport
import Testing

@Suite("Lyrics line by line") struct LyricSheetTests {
    private typealias Line = LyricSheet.Line

    private func sheet(_ text: String, timed: Bool = true) -> LyricSheet {
        LyricSheet(TrackTags.Lyrics(text: text, isSynchronised: timed))
    }

    @Test("Plain lyrics keep their lines and the empty ones between them")
    func plain() {
        let found = sheet("\n\n One \t\ntwo\n\n[Chorus]\nthree\n \n", timed: false)
        #expect(!found.isSynchronised)
        #expect(found.lines == ["One", "two", "", "[Chorus]", "three"].map { Line(at: nil, text: $0) })
        #expect(sheet("\n \n", timed: false).lines.isEmpty && sheet("", timed: false).lines.isEmpty)
    }

    @Test("Timed lines are in the order of their times, without headings and the times of words")
    func timed() {
        let found = sheet(
            """
            [ti:Title]
            [ar: Somebody]
            [00:12.00]Second <00:12.50>by <00:13.00> word
            [00:01.5] First
            [00:20.00]
            [01:02:50]Old form
            [1:00:00.000]An hour in
            """)
        #expect(found.isSynchronised)
        #expect(
            found.lines == [
                Line(at: 1.5, text: "First"),
                Line(
                    at: 12, text: "Second by word",
                    cues: [.init(at: 12.5, bytes: 7..<9), .init(at: 13, bytes: 10..<14)]),
                Line(at: 20, text: ""),
                Line(at: 62.5, text: "Old form"), Line(at: 3600, text: "An hour in")
            ])
    }

    @Test(
        "Words with times lie in their line's bytes, shown sooner with it; a time without a word, and words of a chorus, are left out"
    )
    func words() {
        let found = sheet(
            "[00:10.00] <00:10.00>Grüß <00:10.50>Gott<00:11.00>es <00:12.00>\n[00:20.00][00:30.00]<00:20.00>la\n[offset:500]")
        #expect(found.lines.map(\.text) == ["Grüß Gottes", "la", "la"])
        #expect(
            found.lines[0].cues == [
                .init(at: 9.5, bytes: 0..<6), .init(at: 10, bytes: 7..<11), .init(at: 10.5, bytes: 11..<13)
            ])
        #expect(found.lines[0].end == 11.5 && found.lines[1].end == nil)
        #expect(found.lines[0].at == 9.5 && found.lines[1].cues.isEmpty && found.lines[2].cues.isEmpty)
        let text = Array(found.lines[0].text.utf8)
        #expect(found.lines[0].cues.map { String(decoding: text[$0.bytes], as: UTF8.self) } == ["Grüß", "Gott", "es"])
    }

    @Test("A line with several times is sung at each, and a line without one stays behind the line before it")
    func repeated() {
        let found = sheet("intro\n[00:30.00][00:10.00]Chorus\n(twice)\n[00:20.00]Verse")
        #expect(
            found.lines == [
                Line(at: nil, text: "intro"), Line(at: 10, text: "Chorus"), Line(at: nil, text: "(twice)"),
                Line(at: 20, text: "Verse"), Line(at: 30, text: "Chorus")
            ])
    }

    @Test(
        "An offset shows all lines sooner, but none before the start",
        arguments: [
            ("500", 9.5), ("+500", 9.5), ("-500", 10.5), ("20000", 0), ("x", 10), ("--5", 10), ("9999999999", 10), ("", 10)
        ])
    func offset(value: String, at: Double) {
        #expect(sheet("[00:10.00]a\n[offset:\(value)]").lines == [Line(at: at, text: "a")])
    }

    @Test(
        "What is no time is text",
        arguments: [
            "[", "[]", "[:]", "[0]", "[0:]", "[:0]", "[00:0x.00]a", "[00:00.]a", "[-1:00]a", "[00:+1]a", "[00:00:00:00]a",
            "[99999999999999999999:00]a", "[0000000:00]a", "[00:100]a", "[00:00.1234567890]a", "[00:00.00", "[\u{301}00:00]a"
        ])
    func malformed(line: String) {
        let found = sheet("[00:01.00]ok\n\(line)")
        #expect(found.lines.first == Line(at: 1, text: "ok"))
        #expect(found.lines.dropFirst().allSatisfy { $0.at == nil })
        // Lyrics whose times are all none are shown as they are.
        #expect(!sheet(line).isSynchronised && sheet(line).lines == [Line(at: nil, text: line)])
    }

    @Test("A hostile text makes a bounded sheet, in bounded time")
    func bounded() {
        let limit = TrackTags.Lyrics.maximumBytes
        let texts = [
            // One long line at thousands of times.
            String(repeating: "[0:1]", count: limit / 10) + String(repeating: "x", count: limit / 2),
            Array(repeating: "[0:1][0:2][0:3]" + String(repeating: "y", count: 200), count: 300).joined(separator: "\n"),
            String(repeating: "\n", count: limit), String(repeating: "a\n", count: limit / 2),
            String(repeating: "[0:1]\n", count: limit / 6), String(repeating: "[", count: limit),
            String(repeating: "<0:1>", count: limit / 5), String(repeating: "[0:1]<", count: limit / 6)
        ]
        for text in texts {
            for timed in [false, true] {
                let found = sheet(text, timed: timed)
                #expect(found.lines.count <= LyricSheet.Limit.lines)
                #expect(found.lines.reduce(0) { $0 + $1.text.utf8.count } <= LyricSheet.Limit.bytes)
            }
        }
    }

    @Test("No bytes trap, and times are in order")
    func noise() {
        var generator = SeededGenerator(for: "lyrics of noise")
        let signs = Array("[]<>:.0123456789 \n\tabé\u{301}\r".unicodeScalars)
        for _ in 0..<2000 {
            let count = Int.random(in: 0..<80, using: &generator)
            let scalars = (0..<count).map { _ in signs[Int.random(in: 0..<signs.count, using: &generator)] }
            let found = sheet(String(String.UnicodeScalarView(scalars)))
            let times = found.lines.compactMap(\.at)
            #expect(times == times.sorted() && times.allSatisfy { $0 >= 0 && $0.isFinite })
        }
    }
}
