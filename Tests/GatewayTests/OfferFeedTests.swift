import Foundation
import TestSupport
import Testing

@testable import Gateway

@Suite("A feed of offers") struct OfferFeedTests {
    /// The header of a picture of 3 by 2 pixels.
    static let png: [UInt8] =
        [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13] + Array("IHDR".utf8) + [
            0, 0, 0, 3, 0, 0, 0, 2, 8, 2, 0, 0, 0
        ]
    private static let day = 86_400_000

    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func write(_ text: String, to name: String = "offers.yaml") throws -> String { try write(Array(text.utf8), to: name) }

    private func write(_ bytes: [UInt8], to name: String) throws -> String {
        let path = folder.path + "/" + name
        try Data(bytes).write(to: URL(filePath: path))
        return path
    }

    private func offers(_ text: String) throws -> [Offer] { try OfferFeed(path: write(text)).offers }

    /// What is wrong with a feed; empty if nothing is.
    private func problems(_ text: String) throws -> [String] { try problems(Array(text.utf8)) }

    private func problems(_ bytes: [UInt8]) throws -> [String] { OfferCheck(file: try write(bytes, to: "offers.yaml")).problems }

    /// A feed of one offer with more members.
    private static func one(_ members: String) -> String {
        "offers:\n  - id: a\n    kind: music\n    title: T\n    url: https://a.example/\n\(members.split(separator: "\n").map { "    \($0)\n" }.joined())"
    }

    @Test("Every member is read, as texts, dates and lists; what is left out has no value")
    func members() throws {
        _ = try write(Self.png, to: "p.png")
        let read = try offers(
            """
            # A comment
            offers:
              - {id: a-1, kind: film, title: "Straße & “Wege”", url: "https://a.example/x?y=1&z=2#f"}
              - id: b
                kind: concert
                title: >
                  Live
                  in Köln
                text: |
                  One
                  two   three
                by: 99
                price: 7.50
                url: http://b.example:8080
                picture: p.png
                artists: [The Beatles, 'A']
                tags: Rock
                regions: [DE, AT-9]
                from: 2026-11-01
                to: "2026-12-24"
                date: 2026-12-20
                plan: ~
            """)
        #expect(read.map(\.id) == ["a-1", "b"] && read.map(\.line) == [3, 4])
        #expect(read[0].by == nil && read[0].artists.isEmpty && read[0].days == 0...Int.max && read[0].text.isEmpty)
        let concert = read[1]
        #expect(concert.kind == .concert && concert.title == "Live in Köln" && concert.text == "One two three")
        #expect(concert.by == "99" && concert.price == "7.50" && concert.picture == "p.png" && concert.plan == nil)
        #expect(concert.artists == ["The Beatles", "A"] && concert.tags == ["Rock"] && concert.regions == ["DE", "AT-9"])
        #expect(concert.date == "2026-12-20")
        let days = CalendarSpan(minutesAhead: 0)
        #expect(days.day(of: concert.days.lowerBound * Self.day) == "2026-11-01")
        #expect(days.day(of: concert.days.upperBound * Self.day) == "2026-12-20")
    }

    @Test("JSON is a feed too, with tabs, escapes and characters beyond the first plane, and has lines")
    func json() throws {
        let text = """
            {
            \t"offers": [
            \t\t{"id": "a", "kind": "music", "title": "\\u00c4 \\ud83c\\udfb8 \\"q\\" \\\\ud83c", "url": "https:\\/\\/a.example\\/", "by": null},
            \t\t{"id": "b", "kind": "show", "title": "T", "url": "https://a.example/",
            \t\t "artists": ["X", "Y"]}
            \t]
            }
            """
        let read = try offers(text)
        #expect(read.map(\.title) == ["Ä 🎸 \"q\" \\ud83c", "T"] && read[0].url == "https://a.example/" && read[0].by == nil)
        #expect(read.map(\.line) == [3, 4] && read[1].artists == ["X", "Y"])
        #expect(
            try problems(text.replacing("\"show\"", with: "\"opera\"")).first?.hasPrefix("line 4: kind: \"opera\" must be")
                == true)
        #expect(try problems(text + "x").count == 1)
        let signs = text.replacing("\"T\"", with: "\"Rock &Roll *b\"").replacing("a.example/\"", with: "a.example/?&a=1\"")
        #expect(try offers(signs).last?.title == "Rock &Roll *b" && offers(signs).last?.url == "https://a.example/?&a=1")
    }

    @Test("A feed without offers offers nothing, and is right")
    func none() throws {
        for text in ["offers: []", "offers:", "offers:\n", "{\"offers\": []}", "\u{FEFF}offers: []\r\n"] {
            #expect(try offers(text).isEmpty, "\(text)")
        }
    }

    @Test(
        "What is wrong is said with its line",
        arguments: [
            ("", "it must be one list, offers"), ("[]", "it must be one list"), ("offers: {}", "line 1: offers must be a list"),
            ("offers: 3", "line 1: offers must be a list"), ("a: []", "it must be one list"),
            ("offers: []\nmore: 1", "it must be one list"), ("offers: []\n---\noffers: []", "line 2: it is not YAML"),
            ("offers: [", "line 1: it is not YAML"), ("offers:\n  - a: [}\n", "line 2: it is not YAML"),
            ("offers:\n- 7\n", "line 2: an offer must have members"),
            ("offers: []\noffers: []\n", "\"offers\" is there twice"),
            (one("title: again"), "\"title\" is there twice"), (one("prize: 7"), "line 6: an offer has no member \"prize\""),
            (one("<<: {a: b}"), "line 6: an offer has no member \"<<\""), (one("[1]: 7"), "line 6: an offer has no member \"\""),
            (one("text: [a]"), "line 6: text: must be a text"), (one("artists: {a: b}"), "line 6: artists: must be a text"),
            (one("artists: [[a]]"), "line 6: artists: must be a text"),
            (one("artists:\n  - a\n  - ''"), "line 8: artists: is empty"),
            (one("by: \"\""), "line 6: by: is empty"), (one("from: tomorrow"), "line 6: from: \"tomorrow\" must be a date"),
            (one("from: 2026-02-30"), "line 6: from: \"2026-02-30\" must be a date"),
            (one("to: 2026-1-1"), "line 6: to: \"2026-1-1\""),
            (one("date: +026-01-01"), "line 6: date:"), (one("from: 2026-02-02\nto: 2026-02-01"), "line 7: to: is before from"),
            (one("regions: [de]"), "line 6: regions: \"de\" must be"), (one("regions: [DE-]"), "line 6: regions:"),
            (one("picture: nowhere.png"), "picture: \"nowhere.png\" cannot be read")
        ])
    func wrong(_ text: String, _ expected: String) throws {
        let found = try problems(text)
        #expect(found.contains { $0.contains(expected) }, "\(found)")
    }

    @Test("Ids are the offers' own and can stand in a path and in CSV; what an offer needs is named when it is missing")
    func identifiers() throws {
        for id in ["", "a b", "ä", "../x", "-a", ".a", "_a", "a/b", "a,b", "=1", "a\"", String(repeating: "a", count: 65)] {
            let text = "offers:\n- id: '\(id)'\n  kind: music\n  title: T\n  url: https://a.example\n"
            #expect(try problems(text).first?.hasPrefix("line 2: id:") == true, "\(id)")
        }
        let twice =
            "offers:\n- {id: a, kind: music, title: T, url: 'https://a.example'}\n- {id: a, kind: film, title: T, url: 'https://a.example'}\n"
        #expect(try problems(twice) == ["line 3: id: line 2 has the same"])
        #expect(try problems("offers:\n- text: x\n") == ["id", "kind", "title", "url"].map { "line 2: \($0): is missing" })
    }

    @Test(
        "An address that is none of HTTP, or leads elsewhere than it seems to, is refused",
        arguments: [
            "javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd", "//a.example/x",
            "/x", "x", "https:a.example", "https://", "https:///x", "https://?x", "https://user@a.example/",
            "https://a:b@c.example/",
            "https://a.example:0/", "https://a.example:99999/", "https://a.example:x/", "https://a.example\\@b.example/",
            "https://a.example/ x", "https://a.example/<script>", "https://a.example/\\\"onload=x", "https://аpple.example/",
            "https://.a/",
            "https://a.example/{plan}", " javascript:x", "HTTPS://A.EXAMPLE/", "https://[::1]/", "https://-/",
            "https://a.example/`"
        ])
    func addresses(_ address: String) throws {
        let text = "offers:\n- id: a\n  kind: music\n  title: T\n  url: \"\(address)\"\n"
        let found = try problems(text)
        #expect(found.count == 1 && found[0].hasPrefix("line 5:"), "\(found)")
    }

    @Test("Names of pictures lead nowhere but beside the feed, and links, folders, pipes and other files are no pictures")
    func pictures() throws {
        let outside = try TemporaryFolder()
        try Data(Self.png).write(to: URL(filePath: outside.path + "/out.png"))
        for name in ["../out.png", "/etc/passwd", "a/b.png", "..", ".hidden.png", "a\\\\b.png", "./p.png", "", "x\\u0000.png"] {
            let found = try problems(Self.one("picture: \"\(name)\""))
            #expect(found.count == 1 && found[0].hasPrefix("line 6: picture:"), "\(name): \(found)")
        }
        let link = folder.path + "/link.png"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: outside.path + "/out.png")
        try FileManager.default.createDirectory(atPath: folder.path + "/folder.png", withIntermediateDirectories: false)
        #expect(mkfifo(folder.path + "/pipe.png", 0o600) == 0)
        _ = try write(Array("<svg onload='x'/>".utf8), to: "svg.png")
        _ = try write(Array("GIF89a".utf8) + [3, 0, 2, 0] + Array(repeating: 0, count: 40), to: "gif.png")
        _ = try write([], to: "empty.png")
        _ = try write(Self.png + Array(repeating: 0, count: 1_000_000), to: "huge.png")
        for name in ["link.png", "folder.png", "pipe.png", "svg.png", "gif.png", "empty.png", "huge.png"] {
            let found = try problems(Self.one("picture: \(name)"))
            #expect(found.count == 1 && found[0].contains("picture: \"\(name)\""), "\(name): \(found)")
        }
        _ = try write(Self.png, to: "good.png")
        #expect(try problems(Self.one("picture: good.png")).isEmpty)
    }

    @Test("Control characters and marks of direction are refused, in the file and in its escapes; what is quoted of it has none")
    func controls() throws {
        for bad in ["\u{0}", "\u{1B}", "\u{7F}", "\u{9B}", "\u{2028}", "\u{202E}", "\u{2066}", "\r"] {
            let found = try problems(Self.one("text: a\(bad)b"))
            #expect(found.count == 1 && found[0].hasPrefix("line 6: it must not have"), "\(bad.unicodeScalars): \(found)")
        }
        for escape in ["\\0", "\\e[2J", "\\x07", "\\u202e", "\\u0085x\\a", "\\U0000009b"] {
            let found = try problems(Self.one("by: \"a\(escape)b\""))
            #expect(found.count == 1 && found[0].hasPrefix("line 6: by: it must not have"), "\(escape): \(found)")
        }
        let unknown = try problems(Self.one("\"x\\e[2J\": 1"))
        #expect(unknown == ["line 6: an offer has no member \"x[2J\""])
        #expect(try problems(Array("offers: []\n#\n# \u{FC}".utf8) + [0xFF]) == ["line 3: it must be text in UTF-8"])
        #expect(try problems([0xFF, 0xFE] + Array("offers".utf8)) == ["line 1: it must be text in UTF-8"])
    }

    @Test("Bombs of aliases are refused before they are read, in values and in keys")
    func bombs() throws {
        var bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
        for level in 1...40 {
            bomb += "a\(level): &a\(level) [\(Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", "))]\n"
        }
        let start = processorTime()
        #expect(try problems(bomb).first?.hasPrefix("line 1: anchors and aliases") == true)
        // As a key it is hashed while it is read.
        let key = bomb + "? *a40\n: 1\n? *a40\n: 2\n"
        #expect(try problems(key).first?.hasPrefix("line 1: anchors and aliases") == true)
        for hidden in [
            "offers: [&a x]", "offers:\n - &a x", "offers:\n -\t&a x", "offers: {b:&a x}", "{\"offers\":&a []}", "? &a x\n: y",
            "&a offers: []",
            "!!seq &a [x]", "offers: !<x> &a []", "- 'x'\n- ['x',&a y]", "---\n&ä x", "offers: [x]&a"
        ] { #expect(try problems(hidden).first?.contains("anchors and aliases") == true, "\(hidden)") }
        #expect(try problems("offers: *a").first?.contains("not YAML") == true)
        #expect(processorTime() - start < 5)
        // What only looks a little like one.
        let kept = try offers(Self.one("by: R&B, Rhythm & Blues\ntext: '*bold*'\nprice: 5&6"))
        #expect(kept.first?.by == "R&B, Rhythm & Blues" && kept.first?.text == "*bold*")
    }

    @Test(
        "Depth ends in a refusal, in every form of nesting, on the small stack of a thread",
        arguments: ["[", "{a: ", "- ", "? ", "- ? ", "[{a: "])
    func depth(_ opening: String) async throws {
        for count in [900, 5_000, 100_000] {
            let text = "offers:\n  " + String(repeating: opening, count: count).prefix(1_000_000)
            let path = try write(text, to: "deep-\(count).yaml")
            let problems = await onThread { OfferCheck(file: path).problems }
            #expect(!problems.isEmpty)
        }
    }

    /// As the pool's threads are, with as little stack as a container may give them.
    private func onThread<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            let thread = Thread { continuation.resume(returning: body()) }
            thread.stackSize = 2 << 20
            thread.start()
        }
    }

    @Test("A feed that is too long is not read, and one that is full is read in seconds")
    func size() throws {
        let huge = folder.path + "/huge.yaml"
        #expect(FileManager.default.createFile(atPath: huge, contents: nil))
        let file = try FileHandle(forWritingTo: URL(filePath: huge))
        // More than can be read in the time.
        try file.truncate(atOffset: 1_000_000_000_000)
        try file.close()
        let start = processorTime()
        #expect(OfferCheck(file: huge).problems == ["it has 1000000000000 bytes, but may have 1048576"])
        let many = "offers:\n" + (0...1000).map { "- {id: a\($0), kind: music, title: T, url: 'https://a.example/'}\n" }.joined()
        #expect(try problems(many) == ["it may have 1000 offers, not 1001"])
        let full =
            "offers:\n"
            + (0..<1000).map {
                "- {id: a\($0), kind: music, title: T, url: 'https://a.example/\(String(repeating: "x", count: 900))'}\n"
            }.joined()
        #expect(try offers(full).count == 1000)
        // The most of what YAML can have in so many bytes.
        for dense in [
            "offers: [" + String(repeating: "a,", count: 500_000) + "]",
            "offers: {" + (0..<140_000).map { "\($0):," }.joined() + "}"
        ] {
            #expect(try !problems(dense).isEmpty)
        }
        #expect(processorTime() - start < 60)
    }

    @Test("No more than twenty problems are told, in the order of their lines")
    func manyProblems() throws {
        let found = try problems("offers:\n" + (0..<100).map { "- {id: 'a \($0)', kind: x, title: T, url: y}\n" }.joined())
        #expect(found.count == 20 && found[0].hasPrefix("line 2: id:") && found[3].hasPrefix("line 3:"))
    }

    @Test("Files that are none, or not there, are refused and not waited for")
    func files() throws {
        #expect(mkfifo(folder.path + "/pipe", 0o600) == 0)
        #expect(OfferCheck(file: folder.path + "/pipe").problems == ["it is not a file"])
        #expect(OfferCheck(file: folder.path).problems == ["it is not a file"])
        #expect(OfferCheck(file: "/dev/zero").problems == ["it is not a file"])
        #expect(OfferCheck(file: folder.path + "/none").problems.first?.contains("cannot be read") == true)
        // The operator named the feed, so it may be a link.
        let real = try write("offers: []", to: "real.yaml")
        try FileManager.default.createSymbolicLink(atPath: folder.path + "/feed.yaml", withDestinationPath: real)
        #expect(OfferCheck(file: folder.path + "/feed.yaml").problems.isEmpty)
    }

    @Test("The guide's example is a feed, and the guide shows what the command says of it")
    func guide() throws {
        let path = "../../../Sources/sweetspot/sweetspot.docc/Guide/Offers.md"
        let guide = try String(contentsOf: URL(filePath: #filePath).appending(path: path).standardized, encoding: .utf8)
        let example = try #require(guide.split(separator: "```yaml\n").dropFirst().first?.split(separator: "```").first)
        _ = try write(Self.png, to: "night-drive.jpg")
        let file = try write(String(example))
        let check = OfferCheck(file: file, now: Date(timeIntervalSince1970: 1_795_000_000))
        #expect(check.problems.isEmpty && check.lines.count == 3, "\(check.problems)")
        for line in check.lines { #expect(guide.contains(line + "\n"), "\(line)") }
    }

    @Test("Artists are found by the sort names that tags have too")
    func sortNames() {
        #expect(Offer.keys(ofArtist: "The Beatles").contains(Offer.keys(ofArtist: "Beatles, The")[0]))
        #expect(Offer.keys(ofArtist: "David Bowie").contains(Offer.keys(ofArtist: "Bowie, David")[0]))
        #expect(Offer.keys(ofArtist: "Johann Sebastian Bach").contains(Offer.keys(ofArtist: "Bach, Johann Sebastian")[0]))
        #expect(Offer.keys(ofArtist: "BJÖRK") == Offer.keys(ofArtist: "björk"))
    }
}
