import Audio
import Packaging
import TestSupport
import Testing

@Suite("Entity tags name bytes, and conditions compare them", .tags(.packaging))
struct EntityTagTests {
    private static func tag(
        original: UInt8 = 1, rendition: String = "mp3-128", value: UInt32 = 7, libraries: String = "lame 3.100"
    ) throws -> String {
        EntityTag.stream(
            original: try #require(OriginalHash(bytes: Array(repeating: original, count: 32))),
            rendition: try #require(Rendition(named: rendition)),
            fingerprint: RenderFingerprint(value: value, libraries: libraries))
    }

    @Test("A Stream's tag is 32 lowercase hexadecimal digits, the same every time")
    func form() throws {
        let tag = try Self.tag()
        #expect(tag.wholeMatch(of: /[0-9a-f]{32}/) != nil)
        #expect(try Self.tag() == tag)
        #expect(EntityTag.quoted(tag) == "\"" + tag + "\"")
    }

    @Test("A tag is for ever: it hashes length-prefixed fields and versions in one order")
    func golden() throws {
        // SHA-256 of 20 01…01, 04, 07 "mp3-128", 05 (the effort), 05, 07000000, 0A "lame 3.100", by another implementation.
        #expect(try Self.tag() == "a61ff9659a3fefcf4598385dc52b3090")
    }

    @Test("Whatever decides a Stream's bytes changes its tag")
    func sensitivity() throws {
        let tags = [
            try Self.tag(), try Self.tag(original: 2), try Self.tag(rendition: "mp3-160"), try Self.tag(rendition: "opus-128"),
            try Self.tag(value: 8), try Self.tag(libraries: "lame 3.101"), try Self.tag(libraries: "")
        ]
        #expect(Set(tags).count == tags.count)
    }

    @Test("An Original's tag is its hash")
    func original() throws {
        let hash = try #require(OriginalHash(bytes: 0..<32))
        #expect(EntityTag.original(hash) == "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f")
    }

    @Test(
        "If-None-Match compares weakly, in a list or with anything",
        arguments: [
            (#""abc""#, true), (#"W/"abc""#, true), ("*", true), (" * ", true), (#""x", "abc""#, true),
            (#""x","y",W/"abc""#, true),
            (#" , ,"abc","#, true), ("\"x\"\t,\t\"abc\"", true), (#""abc" garbage"#, true), (#""a,b", "abc""#, true),
            (#""""#, false), ("abc", false), (#""ABC""#, false), (#""abcd""#, false), (#"w/"abc""#, false), (#"W/ "abc""#, false),
            (#""x" "abc""#, false), (#"garbage, "abc""#, false), (#""abc"#, false), ("", false), ("**", false),
            (#"*, "abc""#, false),
            (#""x, "abc""#, false), ("W/", false), ("W", false), ("\"", false)
        ])
    func ifNoneMatch(field: String, matches: Bool) {
        #expect(EntityTag.ifNoneMatch(field, matches: "abc") == matches)
    }

    @Test(
        "If-Match compares strongly, in a list or with anything",
        arguments: [
            (#""abc""#, true), ("*", true), (" * ", true), (#""x", "abc""#, true), (#" , ,"abc","#, true),
            (#"W/"abc", "abc""#, true), ("\"x\"\t,\t\"abc\"", true), (#""a,b", "abc""#, true),
            (#"W/"abc""#, false), (#""x","y",W/"abc""#, false), (#""""#, false), ("abc", false), (#""ABC""#, false),
            (#""abcd""#, false), (#""x" "abc""#, false), (#"garbage, "abc""#, false), (#""abc"#, false), ("", false),
            ("**", false),
            (#"*, "abc""#, false), ("W/", false), ("\"", false), ("Sat, 29 Oct 1994 19:43:31 GMT", false)
        ])
    func ifMatch(field: String, matches: Bool) {
        #expect(EntityTag.ifMatch(field, matches: "abc") == matches)
    }

    @Test(
        "If-Range compares strongly, and never a date",
        arguments: [
            (#""abc""#, true), (#" "abc" "#, true), (#"W/"abc""#, false), ("abc", false), ("*", false), (#""abc", "abc""#, false),
            ("Sat, 29 Oct 1994 19:43:31 GMT", false), ("", false), ("\"", false), (#""ABC""#, false)
        ])
    func ifRange(field: String, matches: Bool) {
        #expect(EntityTag.ifRange(field, matches: "abc") == matches)
    }

    @Test("Hostile fields match nothing and never trap")
    func noise() {
        var generator = SeededGenerator(seed: 6)
        let alphabet = Array("\",W/* \tab")
        for _ in 0..<20_000 {
            let field = String(
                (0..<Int.random(in: 0...12, using: &generator)).compactMap { _ in alphabet.randomElement(using: &generator) })
            #expect(!EntityTag.ifRange(field, matches: "0123"))
            let isAnything = field.drop { " \t".contains($0) }.prefix { !" \t".contains($0) } == "*" && !field.contains("\"")
            if EntityTag.ifNoneMatch(field, matches: "0123") { #expect(isAnything, "\(field)") }
        }
        let long = String(repeating: "\"x\",", count: 20_000)
        #expect(EntityTag.ifNoneMatch(long + "\"abc\"", matches: "abc"))
    }
}
