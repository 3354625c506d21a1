import Audio
import Foundation
import TestSupport
import Testing

@testable import Intake
@testable import Locker

@Suite("Encodes that are taken in are compared with what is stored") struct RecordingTests {
    private let bench: Workbench
    private let account: Int64

    init() async throws {
        bench = try Workbench()
        account = try await bench.catalogue.localAccount()
    }

    private func upload(_ recording: UInt64, _ encode: UInt64, to other: Int64? = nil) async throws -> OriginalHash {
        let song = ScriptedSong(recording: recording, encode: encode)
        return try await bench.upload(song.bytes, account: other ?? account).track.hash
    }

    private func recording(of hash: OriginalHash) async throws -> Int64? {
        try await bench.catalogue.sounds(after: nil).first { $0.original == hash }?.recording
    }

    @Test("Two encodes in two lockers are one recording and two tracks, and another song is another")
    func joins() async throws {
        let other = try await bench.catalogue.account(named: "other")
        let hashes = [try await upload(1, 1), try await upload(1, 2, to: other), try await upload(2, 1)]
        let found = try await hashes.asyncMap { try await recording(of: $0) }
        #expect(found[0] != nil && found[0] == found[1] && found[2] != found[0])
        #expect(try await bench.catalogue.count(account: account) == 2)
        #expect(try await bench.catalogue.count(account: other) == 1)
    }

    @Test("A word in common does not join two songs; without stored measures nothing does")
    func comparesFingerprints() async throws {
        let first = try await upload(1, 1)
        try FileManager.default.removeItem(atPath: bench.path(of: first) + ".measures")
        let second = try await upload(1, 2)
        #expect(try await recording(of: first) != recording(of: second))
        // Once the first is measured again, it joins the other.
        try await bench.intake.checkMeasures(of: first)
        try await bench.intake.remeasure(whenQuiet: {}, onProgress: { _, _ in })
        #expect(try await recording(of: first) == recording(of: second))
    }

    @Test("Encodes that arrive at once are one recording")
    func atOnce() async throws {
        let hashes = try await inParallel(8, (1...8).map { UInt64($0) }) { try await self.upload(3, $0) }
        let found = Set(try await hashes.asyncMap { try await recording(of: $0) })
        #expect(found.count == 1 && !found.contains(nil))
    }

    @Test("The background job fills the catalogue in for what was measured before")
    func fillsIn() async throws {
        let hashes = [try await upload(1, 1), try await upload(1, 2)]
        // As an older program left them.
        for hash in hashes {
            let path = URL(filePath: bench.path(of: hash) + ".measures")
            var measures = try #require(SoundMeasures(decoding: Array(try Data(contentsOf: path))))
            measures.version = 1
            try Data(measures.encoded()).write(to: path)
            try await bench.catalogue.forgetMeasures(of: hash)
        }
        try await bench.catalogue.database.write(.keeping) { db in
            for table in ["sound", "recording"] { try db.run("DELETE FROM \(table)") }
        }
        try await bench.intake.remeasure(whenQuiet: {}, onProgress: { _, _ in })
        let found = try await bench.catalogue.sounds(after: nil)
        #expect(Set(found.map(\.original)) == Set(hashes) && Set(found.map(\.recording)).count == 1)
        #expect(found.allSatisfy { $0.features != nil })
    }

    @Test("A recording ends when the last Original of it is removed")
    func removes() async throws {
        let track = try await bench.upload(ScriptedSong(recording: 1, encode: 1).bytes, account: account).track
        #expect(try await recording(of: track.hash) != nil)
        try await bench.catalogue.expireDeleted(before: .max)
        _ = try await bench.catalogue.remove(id: track.id, account: account)
        try await bench.catalogue.expireDeleted(before: .max)
        _ = try await bench.intake.reclaim(releasedBefore: .max)
        #expect(try await bench.catalogue.sounds(after: nil).isEmpty)
    }
}

extension [OriginalHash] {
    fileprivate func asyncMap<Value>(_ value: (OriginalHash) async throws -> Value) async rethrows -> [Value] {
        var values: [Value] = []
        for hash in self { values.append(try await value(hash)) }
        return values
    }
}
