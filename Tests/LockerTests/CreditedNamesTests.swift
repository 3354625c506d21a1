import TestSupport
import Testing

@testable import Locker

@Suite("Artists credited in a track's tags", .everyDriver) struct CreditedNamesTests {
    @Test(
        "A text for people names guests, and is divided nowhere else",
        arguments: [
            ("Dora", ["Dora"], 1), ("Dora feat. Eve", ["Dora", "Eve"], 1), ("Dora Feat. Eve", ["Dora", "Eve"], 1),
            ("Dora ft. Eve & Co", ["Dora", "Eve & Co"], 1), ("Dora featuring Eve", ["Dora", "Eve"], 1),
            ("Dora (feat. Eve)", ["Dora", "Eve"], 1), ("Dora [ft Eve]", ["Dora", "Eve"], 1),
            ("Dora feat Eve", ["Dora", "Eve"], 1),
            ("Dora feat.Eve", ["Dora", "Eve"], 1), ("Dora; Eve", ["Dora", "Eve"], 2), ("Dora;Dora", ["Dora"], 1),
            ("Dóra feat. Ève", ["Dóra", "Ève"], 1), ("Little Feat", ["Little Feat"], 1),
            ("Little Feat Live", ["Little Feat Live"], 1),
            ("Earth, Wind & Fire", ["Earth, Wind & Fire"], 1), ("AC/DC", ["AC/DC"], 1), ("Defeat. Us", ["Defeat. Us"], 1),
            ("feat. Eve", ["feat. Eve"], 1), ("Dora feat.", ["Dora feat."], 1), ("Dora (feat. )", ["Dora (feat. )"], 1),
            ("Dora ft", ["Dora ft"], 1), ("", [], 0), (" ; ", [], 0), ("Craft Werk", ["Craft Werk"], 1)
        ] as [(String, [String], Int)])
    func texts(text: String, names: [String], mains: Int) {
        #expect(CreditedNames(text) == CreditedNames(names: names, mains: mains))
    }

    @Test("A list of artists stays as it is, and the text tells which are guests")
    func lists() {
        #expect(CreditedNames("Ida, Jon", list: ["Ida", "Jon"]) == CreditedNames(names: ["Ida", "Jon"], mains: 2))
        #expect(CreditedNames("Ida feat. Jon", list: ["Ida", "Jon"]) == CreditedNames(names: ["Ida", "Jon"], mains: 1))
        #expect(CreditedNames("Ida & Ono feat. Jon", list: ["Ida", "Ono", "Jon"]).mains == 2)
        #expect(CreditedNames("Ida feat. Jon", list: ["Ida feat. Jon"]).names == ["Ida", "Jon"])
        #expect(CreditedNames("Ida with Jon", list: ["Ida"]).names == ["Ida"])
        #expect(CreditedNames("x", list: ["a", "", "a\u{7}", " b "]).names == ["a", "b"])
        #expect(CreditedNames("x", list: (0..<1000).map { "\($0)" }).names.count == CreditedNames.mostNames)
        #expect(CreditedNames.owners("Ida feat. Jon").names == ["Ida"])
    }

    @Test("A text that is ten times as long takes about ten times the time", arguments: [" ", " feat", "(feat. ", " f", ";"])
    func hostile(piece: String) {
        let times = [20_000, 200_000].map { length in
            let text = "a" + String(repeating: piece, count: length / piece.count)
            let start = processorTime()
            _ = CreditedNames(text)
            return processorTime() - start
        }
        #expect(times[1] < 40 * times[0] + 0.2, "\(times)")
    }

    @Test("Credits are read back as they were stored")
    func stored() {
        let credits = [Credit(id: Identifier.random(), name: "Ä b"), Credit(id: Identifier.random(), name: "c")]
        #expect([Credit](stored: credits.stored) == credits)
        #expect([Credit](stored: "") == [] && [Credit](stored: "short\n\n" + credits.stored) == credits)
    }

    @Test(
        "An album's folder is that of its discs",
        arguments: [
            ("", ""), ("a.mp3", ""), ("/a.mp3", ""), ("Weezer/1994/1.mp3", "Weezer/1994"), ("/m/A/CD1/1.mp3", "m/A"),
            ("m/A/cd 02/1.mp3", "m/A"), ("m/A/Disc 2 - Live/1.mp3", "m/A"), ("m/A (CD 1)/1.mp3", "m/A"),
            ("m/A [Disc 2]/1", "m/A"),
            ("m/A - CD2/1.mp3", "m/A"), ("m/A/Disk_1/x", "m/A"), ("m/Abcd 1/x", "m/Abcd 1"), ("m/CD100/x", "m/CD100"),
            ("m/Discovery/x", "m/Discovery"), ("CD1/x", "CD1"), ("m//A///x", "m/A"), ("m/1/x", "m/1"), ("m/CD 1st/x", "m/CD 1st")
        ])
    func folders(path: String, folder: String) { #expect(AlbumFolder.of(path: path) == folder) }
}
