import Audio
import Foundation
import Locker
import Logging
import Originals
import TestSupport
import Testing

@testable import Intake

@Suite("Measures of an older version are made again") struct RemeasureTests {
    private static let version = SoundMeasures.currentVersion + 1
    private let bench: Workbench
    private let account: Int64
    private let hashes: [OriginalHash]

    /// A locker with three songs, the first of them in another too.
    init() async throws {
        bench = try Workbench(ScriptedIngest(.acceptsWithPacketFile))
        account = try await bench.catalogue.localAccount()
        var hashes: [OriginalHash] = []
        for seed in 1...3 {
            hashes.append(try await bench.upload(noise(2_000, seed: UInt64(seed)), account: account).track.hash)
        }
        _ = try await bench.upload(noise(2_000, seed: 1), account: bench.catalogue.account(named: "other"))
        self.hashes = hashes.sorted { $0.hex < $1.hex }
    }

    private func intake(_ ingest: ScriptedIngest, _ warnings: LogLines = LogLines(from: .warning)) -> Intake {
        bench.makeIntake(ingest, measuresVersion: Self.version, logger: warnings.logger)
    }

    /// Runs a pass; what was left at each step.
    @discardableResult
    private func pass(_ intake: Intake, whenQuiet: () async throws -> Void = {}) async throws -> [Int] {
        var left: [Int] = []
        try await intake.remeasure(whenQuiet: whenQuiet) { number, isMeasured in
            #expect(isMeasured == !left.isEmpty)
            left.append(number)
        }
        return left
    }

    /// The loudness and the version in all rows.
    private func rows() async throws -> Set<[Double]> {
        var rows: Set<[Double]> = []
        for account in [account, try await bench.catalogue.account(named: "other")] {
            for track in try await bench.catalogue.tracks(account: account, sort: .added).items {
                rows.insert([track.loudness?.integrated ?? 0, Double(track.measuresVersion)])
            }
        }
        return rows
    }

    private func content(_ suffix: String) throws -> [Data] {
        try hashes.map { try Data(contentsOf: URL(filePath: bench.path(of: $0) + suffix)) }
    }

    @Test("All rows of all lockers get the new values, and Originals, packets and maps stay")
    func measures() async throws {
        let before = try (content(""), content(".packets"), content(".map"))
        let ingest = ScriptedIngest(.acceptsWithPacketFile, loudness: -10)
        #expect(try await pass(intake(ingest)) == [3, 2, 1, 0])
        #expect(ingest.runs == 3)
        #expect(try await rows() == [[-10, Double(Self.version)]])
        for hash in hashes {
            let stored = await bench.originals.measures(of: hash, version: Self.version)
            #expect(stored?.loudness?.integrated == -10)
        }
        #expect(try (content(""), content(".packets"), content(".map")) == before)
        #expect(try bench.files(in: "incoming") == [])
        #expect(try await pass(intake(ingest)) == [0] && ingest.runs == 3)
    }

    @Test("A pass waits for quiet before each Original, and goes on where it was stopped")
    func resumes() async throws {
        let ingest = ScriptedIngest(loudness: -10)
        var calls = 0
        await #expect(throws: CancellationError.self) {
            try await pass(intake(ingest)) {
                #expect(ingest.runs == calls)
                calls += 1
                if calls == 2 { throw CancellationError() }
            }
        }
        #expect(ingest.runs == 1)
        #expect(try await bench.catalogue.unmeasured(before: Self.version) == Array(hashes.dropFirst()))
        #expect(try await pass(intake(ingest)) == [2, 1, 0])
        #expect(ingest.runs == 3)
    }

    @Test("After a crash between the file and the row, the row gets what the file has")
    func fileBeforeRow() async throws {
        var measures = SoundMeasures(loudness: .init(integrated: -12, truePeak: 0, range: 0))
        measures.version = Self.version
        for hash in hashes {
            let path = bench.path(of: hash) + ".measures"
            try Data(measures.encoded()).write(to: URL(filePath: path))
        }
        let ingest = ScriptedIngest(.dies)
        #expect(try await pass(intake(ingest)) == [3, 2, 1, 0])
        #expect(ingest.runs == 0)
        #expect(try await rows() == [[-12, Double(Self.version)]])
    }

    @Test("A damaged Original and refused ones are passed over with one warning each, and keep their values")
    func passesOver() async throws {
        try Data(noise(2_000, seed: 9)).write(to: URL(filePath: bench.path(of: hashes[1])))
        let (warnings, ingest) = (LogLines(from: .warning), ScriptedIngest(.refuses))
        #expect(try await pass(intake(ingest, warnings)) == [3])
        #expect(ingest.runs == 2)
        #expect(warnings.all.count == 3)
        for hash in hashes { #expect(warnings.all.count { $0.contains(hash.hex) } == 1) }
        #expect(try await rows() == [[-20, Double(SoundMeasures.currentVersion)]])
        // The next pass tries each once more.
        #expect(try await pass(intake(ScriptedIngest(loudness: -10), warnings)) == [3, 2, 1])
        #expect(warnings.all.count == 4)
        #expect(try await bench.catalogue.unmeasured(before: Self.version) == [hashes[1]])
    }

    @Test("A failure that is no Original's fault ends the pass")
    func stops() async throws {
        let ingest = ScriptedIngest(.dies)
        await #expect(throws: IntakeError.self) { try await pass(intake(ingest)) }
        #expect(ingest.runs == 1)
        #expect(try await bench.catalogue.unmeasuredCount(before: Self.version) == 3)
    }

    @Test("An unusable map is made again too")
    func remakesMaps() async throws {
        let before = try content(".map")
        try Data("spoilt".utf8).write(to: URL(filePath: bench.path(of: hashes[2]) + ".map"))
        #expect(try await pass(intake(ScriptedIngest(.acceptsWithPacketFile, loudness: -10))) == [3, 2, 1, 0])
        #expect(try content(".map") == before)
        #expect(try await rows() == [[-10, Double(Self.version)]])
        #expect(await bench.originals.measures(of: hashes[2], version: Self.version) != nil)
    }

    @Test("Measures that are damaged or gone are noted and measured again, and the others are left alone")
    func missing() async throws {
        try FileManager.default.removeItem(atPath: bench.path(of: hashes[0]) + ".measures")
        for hash in hashes { try await bench.intake.checkMeasures(of: hash) }
        #expect(try await bench.catalogue.unmeasured(before: SoundMeasures.currentVersion) == [hashes[0]])
        #expect(try await pass(bench.intake) == [1, 0])
        #expect(await bench.originals.measures(of: hashes[0], version: SoundMeasures.currentVersion) != nil)
        #expect(bench.ingest.runs == 5)
    }

    @Test("An Original of the former version keeps the measures inside its map until it is measured again")
    func upgrades() async throws {
        let track = try await bench.upload(noise(16_044), account: account).track
        let path = bench.path(of: track.hash)
        try FileManager.default.removeItem(atPath: path + ".measures")
        try Data(FormerMap.bytes).write(to: URL(filePath: path + ".map"))
        try await bench.catalogue.forgetMeasures(of: track.hash)
        let former = try #require(await bench.originals.measures(of: track.hash, version: 1))
        #expect(former.soundHash == 0xE9D8_FECA_164E_ADDF)
        #expect(former.warnings == ["The file ends early: its last bytes are missing"])
        let runs = bench.ingest.runs
        #expect(try await pass(bench.intake) == [1, 0])
        #expect(bench.ingest.runs == runs + 1)
        let row = try #require(try await bench.catalogue.track(id: track.id, account: account))
        #expect(row.measuresVersion == SoundMeasures.currentVersion && row.loudness?.integrated == -20)
        #expect(try Data(contentsOf: URL(filePath: path + ".map")) == Data(FormerMap.bytes))
        let stored = SoundMeasures(decoding: Array(try Data(contentsOf: URL(filePath: path + ".measures"))))
        #expect(stored?.warnings == row.warnings && stored?.features != nil)
        #expect(try await bench.originals.trackMap(of: track.hash).samples == 8000)
    }
}
