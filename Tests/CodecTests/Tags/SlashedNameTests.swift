import Audio
import Testing

@testable import Codec

@Suite("Artists separated by slashes") struct SlashedNameTests {
    @Test(
        "Slashes separate the artists of ID3v2.3, but not within a known name",
        arguments: [
            ("Ida/Jon", 0, nil, ["Ida", "Jon"]), ("Ida / Jon", 0, nil, ["Ida", "Jon"]), ("AC/DC", 0, nil, ["AC/DC"]),
            ("AC/DC/Ida", 0, nil, ["AC/DC", "Ida"]), ("K/DA", 0, nil, ["K/DA"]), ("M/A/R/R/S", 0, nil, ["M/A/R/R/S"]),
            ("Love/Hate", 1, nil, ["Love/Hate"]), ("AC/DC", 2, nil, ["AC", "DC"]), ("Ida/Jon/Kim", 2, nil, ["Ida/Jon/Kim"]),
            ("AC/DC/Ida", 2, nil, ["AC/DC", "Ida"]), ("Love/Hate/Ida", 0, "Love/Hate & Ida", ["Love/Hate", "Ida"]),
            ("Ida/Jon", 0, "Ida & Jon", ["Ida", "Jon"]), ("嵐/宇多", 0, nil, ["嵐", "宇多"]), ("Ida//Jon", 0, nil, ["Ida//Jon"]),
            ("/", 0, nil, ["/"]), ("U2/Ida", 0, nil, ["U2/Ida"])
        ] as [(String, Int, String?, [String])])
    func parts(text: String, identifiers: Int, shown: String?, parts: [String]) {
        #expect(SlashedNames.parts(of: text, identifiers: identifiers, shown: shown) == parts)
    }

    @Test(
        "picard#159: each version of ID3 gives several artists, and their text as the tag has it",
        arguments: [2, 3, 4] as [UInt8])
    func versions(_ version: UInt8) throws {
        let names = version == 2 ? ["TP1", "TP2"] : ["TPE1", "TPE2"]
        let (text, between) = version == 4 ? ("Ida\0Jon", ", ") : ("Ida/Jon", "/")
        let body = MadeTags.text(version, names[0], text) + MadeTags.text(version, names[1], text)
        let tags = try TagFile(MadeTags.id3(version, body) + [0, 1, 2]).read(.id3).tags
        #expect(tags.artist == "Ida\(between)Jon" && tags.albumArtist == tags.artist)
        #expect(tags.artists == ["Ida", "Jon"] && tags.albumArtists == tags.artists)
    }

    @Test("A list of 2.3 is divided too, and a slash of 2.4 divides nothing")
    func lists() throws {
        let body = MadeTags.text(3, "TPE1", "AC/DC & Ida") + MadeTags.frame(3, "TXXX", [0] + Array("ARTISTS\0AC/DC/Ida".utf8))
        let tags = try TagFile(MadeTags.id3(3, body) + [0, 1, 2]).read(.id3).tags
        #expect(tags.artist == "AC/DC & Ida" && tags.artists == ["AC/DC", "Ida"])
        let plain = try TagFile(MadeTags.id3(4, MadeTags.text(4, "TPE1", "Ida/Jon")) + [0, 1, 2]).read(.id3).tags
        #expect(plain.artists == ["Ida/Jon"])
    }
}
