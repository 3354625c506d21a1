import Foundation
import TestSupport
import Testing

@testable import Gateway

@Suite("Answers of Subsonic", .tags(.http)) struct SubsonicAnswerTests {
    private static let head =
        #"<?xml version="1.0" encoding="UTF-8"?>\#n<subsonic-response xmlns="http://subsonic.org/restapi" status="ok" "#
        + #"version="1.16.1" type="sweetspot" serverVersion="\#(sweetspotVersion)" openSubsonic="true""#
    private static let json =
        #"{"subsonic-response":{"status":"ok","version":"1.16.1","type":"sweetspot","serverVersion":"\#(sweetspotVersion)","#
        + #""openSubsonic":true"#

    private func text(_ answer: SubsonicAnswer, _ format: SubsonicFormat) -> String {
        String(decoding: answer.bytes(as: format), as: UTF8.self)
    }

    @Test("Single values are attributes, elements and lists are children, and value is the text of its element")
    func forms() {
        let answer = SubsonicAnswer(
            "thing",
            [
                "name": "a", "count": 3, "isDir": false, "gain": .real(-1.5), "whole": .real(2), "part": .element(["x": 1]),
                "one": .list([["y": "z"] as SubsonicElement]), "words": .texts(["p", "q"]), "none": .list([] as [SubsonicValue]),
                "missing": nil
            ])
        #expect(
            text(answer, .xml) == Self.head
                + #"><thing name="a" count="3" isDir="false" gain="-1.5" whole="2"><part x="1"/><one y="z"/>"#
                + "<words>p</words><words>q</words></thing></subsonic-response>")
        #expect(
            text(answer, .json) == Self.json
                + #","thing":{"name":"a","count":3,"isDir":false,"gain":-1.5,"whole":2,"part":{"x":1},"one":[{"y":"z"}],"#
                + #""words":["p","q"],"none":[]}}}"#)
        // Information about albums has elements, and a line of lyrics its words.
        let info = SubsonicAnswer(
            "info", ["id": .content("a&b"), "cueLine": .element(["value": "x", "cue": .list([["value": "y"]])])])
        #expect(text(info, .xml).contains(#"<info><id>a&amp;b</id><cueLine value="x"><cue>y</cue></cueLine></info>"#))
        #expect(text(info, .json).contains(#""info":{"id":"a&b","cueLine":{"value":"x","cue":[{"value":"y"}]}}"#))
        let genre = SubsonicAnswer("genre", ["songCount": 1, "value": "R&B"])
        #expect(text(genre, .xml).contains(#"<genre songCount="1">R&amp;B</genre>"#))
        #expect(text(.ok, .xml) == Self.head + "/>")
        #expect(text(.ok, .json) == Self.json + "}}")
    }

    @Test(
        "Every text comes through XML and JSON",
        arguments: [
            ("<a & \"b\" 'c'>", "&lt;a &amp; &quot;b&quot; 'c'&gt;", #"<a & \"b\" 'c'>"#),
            ("a\nb\tc", "a&#10;b&#9;c", #"a\u000ab\u0009c"#), ("\u{1}", "\u{FFFD}", #"\u0001"#),
            ("\u{FFFE}é\u{1F3B5}", "\u{FFFD}é\u{1F3B5}", "\u{FFFE}é\u{1F3B5}"), ("", "", ""), ("]]>", "]]&gt;", "]]>")
        ])
    func texts(text: String, xml: String, json: String) {
        let answer = SubsonicAnswer("t", ["x": .text(text), "value": .text(text)])
        #expect(self.text(answer, .xml).contains("<t x=\"\(xml)\">\(xml)</t>"))
        #expect(self.text(answer, .json).contains("\"x\":\"\(json)\""))
    }

    @Test("Numbers have 32 bits, but for bytes and times")
    func numbers() {
        let answer = SubsonicAnswer(
            "n", ["a": .number(20_010_101_000), "b": .number(-20_010_101_000), "c": .long(20_010_101_000)])
        #expect(text(answer, .json).contains(#""a":2147483647,"b":-2147483648,"c":20010101000"#))
        #expect(text(answer, .xml).contains(#"a="2147483647" b="-2147483648" c="20010101000""#))
    }

    @Test("A failure has the code, and all that a success says of the server")
    func failure() {
        let answer = SubsonicAnswer(SubsonicError(.notFound, "no <song>"))
        #expect(
            text(answer, .json) == Self.json.replacing(#""ok""#, with: #""failed""#)
                + #","error":{"code":70,"message":"no <song>"}}}"#)
        #expect(text(answer, .xml).contains(#"<error code="70" message="no &lt;song&gt;"/>"#))
    }

    @Test("A script calls the function, and has no line ends but JSON's")
    func script() {
        let answer = SubsonicAnswer("t", ["x": "a\u{2028}b\u{2029}c\u{2027}"])
        let script = text(answer, .jsonp("angular.callbacks._0"))
        #expect(script.hasPrefix("angular.callbacks._0({") && script.hasSuffix("}});"))
        #expect(script.contains(#""x":"a\u2028b\u2029c"# + "\u{2027}\""))
    }

    @Test(
        "A callback is names with dots between them",
        arguments: [
            ("a", true), ("angular.callbacks._0", true), ("$", true), ("jQuery123_456", true), ("", false), (".", false),
            ("a.", false), (".a", false), ("a..b", false), ("1a", false), ("alert(1)//", false), ("a[0]", false), ("a b", false),
            ("é", false), ("a;b", false), ("<script>", false), (String(repeating: "a", count: 129), false)
        ])
    func callbacks(text: String, isFunction: Bool) {
        #expect(SubsonicFormat.isFunction(text) == isFunction)
        let escaped = text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        let parameters = SubsonicParameters(query: "f=jsonp&callback=\(escaped)")
        #expect(SubsonicFormat(parameters) == (isFunction ? .jsonp(text) : .json))
    }

    @Test(
        "Times are RFC 3339 in UTC, as Foundation writes them",
        arguments: [0, 1, 951_782_400_123, 1_582_934_400_000, 1_709_251_199_999, 1_795_977_881_664, 4_107_542_399_000])
    func times(milliseconds: Int) {
        #expect(SubsonicTime.text(milliseconds) == Timestamp.text(milliseconds: milliseconds))
    }

    @Test("Times are right for every day of four centuries")
    func days() {
        for day in stride(from: 0, to: 146_097, by: 1) {
            let text = SubsonicTime.text(day * 86_400_000)
            #expect(text.hasSuffix("T00:00:00.000Z"))
            let parts = text.prefix(10).split(separator: "-").compactMap { Int($0) }
            // Zeller's way round: days from years and months.
            let (year, month) = parts[1] > 2 ? (parts[0], parts[1]) : (parts[0] - 1, parts[1] + 12)
            let days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month - 457) / 5 + parts[2] - 719_469
            if days != day { Issue.record("\(text) is not day \(day) but \(days)") }
        }
    }
}
