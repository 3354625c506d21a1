import Testing

@testable import Taste

/// A list that one can listen to, whatever the scores say.
struct ListRulesTests {
    private let candidates = (0..<400).map { Scored(item: $0, score: 1 - Float($0) / 500) }
    private let june = (month: 6, day: 10)

    private func track(_ item: Int32) -> Track {
        Track(item: item, artist: item / 12, album: item / 4, popularity: Int(item * 7 % 31))
    }

    @Test func `at most two of an artist and one of an album in any twenty`() {
        let list = ListRules(floor: 0).list(of: candidates, count: 60, day: 20_000, date: june, describe: track)
        #expect(list.count == 60)
        for start in 0...40 {
            let part = list[start..<start + 20].map { track($0.item) }
            for group in Dictionary(grouping: part, by: \.artist).values { #expect(group.count <= 2) }
            for group in Dictionary(grouping: part, by: \.album).values { #expect(group.count <= 1) }
        }
        #expect(Set(list.map(\.item)).count == list.count)
    }

    @Test func `a list is the same for a day, and another on the next`() {
        let rules = ListRules(exploration: 0.3)
        let lists = [1, 1, 2].map { rules.list(of: candidates, count: 20, day: $0, date: june, describe: track) }
        #expect(lists[0] == lists[1])
        #expect(lists[0] != lists[2])
        #expect(lists[0] != rules.list(of: candidates, count: 20, day: 1, salt: 5, date: june, describe: track))
    }

    @Test func `a tenth of the places go to the less known`() {
        let rules = ListRules(perArtist: 400, perAlbum: 400, exploration: 0.1, floor: 0)
        let plain = ListRules(perArtist: 400, perAlbum: 400, exploration: 0, floor: 0)
        // The well known have the best scores, so that who is less known comes by exploration alone.
        let known = { (item: Int32) in Track(item: item, popularity: 400 - Int(item)) }
        let lesser = (0..<200).reduce(0) { sum, day in
            sum + rules.list(of: candidates, count: 20, day: day, date: june, describe: known).count { $0.item > 200 }
        }
        #expect(abs(Double(lesser) / 4000 - 0.1) < 0.02)
        #expect(plain.list(of: candidates, count: 20, day: 3, date: june, describe: known) == Array(candidates.prefix(20)))
    }

    @Test func `what is not like the seeds does not fill a list`() {
        let few = candidates.prefix(3) + candidates.dropFirst(3).map { Scored(item: $0.item, score: $0.score * 0.01) }
        let rules = ListRules(perArtist: 20, perAlbum: 20)
        #expect(rules.list(of: Array(few), count: 20, day: 1, date: june, describe: track).count == 3)
        #expect(rules.list(of: [], count: 20, day: 1, date: june, describe: track).isEmpty)
        #expect(rules.list(of: candidates, count: -4, day: 1, date: june, describe: track).isEmpty)
        #expect(rules.list(of: candidates, count: 20, day: 1, date: june) { _ in nil }.isEmpty)
    }

    @Test func `no Christmas in June, no mixes among songs`() {
        let describe = { (item: Int32) in
            Track(item: item, length: item.isMultiple(of: 3) ? .long : .song, season: item.isMultiple(of: 2) ? .christmas : nil)
        }
        let summer = ListRules().list(of: candidates, count: 20, day: 1, date: june, describe: describe)
        #expect(summer.count == 20)
        #expect(summer.allSatisfy { !$0.item.isMultiple(of: 2) && !$0.item.isMultiple(of: 3) })
        let winter = ListRules().list(of: candidates, count: 20, day: 1, date: (12, 20), describe: describe)
        #expect(winter.contains { $0.item.isMultiple(of: 2) })
    }

    @Test(
        arguments: [
            (["Last Christmas"], .christmas), (["Rock", "XMAS"], .christmas), (["Weihnachtslieder"], .christmas),
            (["Christmases"], nil), (["Halloween (live)"], .halloween), (["Northeastern"], nil), ([], nil)
        ] as [([String], Season?)])
    func `seasons are whole words`(words: [String], season: Season?) {
        #expect(Season(words: words) == season)
    }

    @Test(
        arguments: [
            (nil, .song), (-1, .song), (20_000, .short), (45_000, .song), (900_000, .song), (900_001, .long), (.max, .long)
        ] as [(Int64?, LengthClass)])
    func `lengths`(milliseconds: Int64?, length: LengthClass) {
        #expect(LengthClass(milliseconds: milliseconds) == length)
    }

    @Test func `a station keeps to the lengths of its seeds, and stands artists apart`() {
        let radio = Radio()
        let describe = { (item: Int32) in Track(item: item, artist: item % 2, length: item % 8 < 4 ? .long : .song) }
        let list = radio.next(from: [Seed(item: 1)], listeners: candidates, day: 1, date: june, describe: describe)
        #expect(list.allSatisfy { $0.item % 8 < 4 })
        // Two artists are in the library: two of each, then it stops.
        #expect(list.count == 4)
        #expect(zip(list, list.dropFirst()).allSatisfy { $0.item % 2 != $1.item % 2 })
    }

    @Test func `a station mixes listeners and sound, and takes what it has of them`() {
        let listeners = [Scored(item: 1, score: 10), Scored(item: 2, score: 8)]
        let sound = [Scored(item: 2, score: 0.9), Scored(item: 3, score: 0.8)]
        let describe = { (item: Int32) in Track(item: item, artist: item) }
        func station(_ listeners: [Scored], _ sound: [Scored]) -> [Int32] {
            Radio(soundShare: 0.5).next(from: [], listeners: listeners, sound: sound, day: 1, date: june, describe: describe).map(
                \.item)
        }
        #expect(station(listeners, sound).first == 2)
        #expect(station(listeners, []) == [1, 2])
        #expect(station([], sound) == [2, 3])
        #expect(station([], []).isEmpty)
        #expect(station([Scored(item: 1, score: .nan)], [Scored(item: -1, score: .infinity)]).isEmpty)
    }
}
