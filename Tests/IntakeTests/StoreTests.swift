import Audio
import Foundation
import Glibc
import Locker
import NIOCore
import NIOPosix
import TestSupport
import Testing

@testable import Intake
@testable import Originals

@Suite("Stored Originals") struct StoreTests {
    private func spoil(_ hash: OriginalHash, _ bench: Workbench) throws {
        try Data("spoilt".utf8).write(to: URL(filePath: bench.originals.path(of: hash) + ".map"))
    }

    @Test("A spoilt TrackMap is made again")
    func remakesMaps() async throws {
        let bench = try Workbench(ScriptedIngest(.acceptsWithPacketFile))
        let account = try await bench.catalogue.localAccount()
        let admission = try await bench.upload(noise(3_000), account: account)
        let hash = admission.track.hash
        try spoil(hash, bench)
        await #expect(throws: OriginalError.self) { try await bench.originals.trackMap(of: hash) }
        #expect(try await bench.intake.remakeMap(hash) == admission.map)
        #expect(try await bench.originals.trackMap(of: hash) == admission.map)
        #expect(try bench.files(in: "incoming") == [])
    }

    @Test("A TrackMap is not made of an Original that was cut: it would be one of a shorter song")
    func cutOriginal() async throws {
        let bench = try Workbench()
        let account = try await bench.catalogue.localAccount()
        let hash = try await bench.upload(noise(3_000), account: account).track.hash
        try spoil(hash, bench)
        try Data(noise(3_000).prefix(1_500)).write(to: URL(filePath: bench.originals.path(of: hash)))
        await #expect(throws: IntakeError.self) { try await bench.intake.remakeMap(hash) }
    }

    @Test("The same song again repairs a spoilt map or Original", arguments: [true, false])
    func repairs(map: Bool) async throws {
        let bench = try Workbench()
        let account = try await bench.catalogue.localAccount()
        let first = try await bench.upload(noise(3_000), account: account)
        if map {
            try spoil(first.track.hash, bench)
        } else {
            try Data("cut".utf8).write(to: URL(filePath: bench.originals.path(of: first.track.hash)))
        }
        let second = try await bench.upload(noise(3_000), account: account)
        #expect(second == Admission(track: first.track, isNew: false, map: first.map))
        #expect(try await bench.originals.read(0..<3_000, of: .original, original: first.track.hash) == noise(3_000))
        #expect(try await bench.originals.trackMap(of: first.track.hash) == first.map)
    }

    @Test("The same song again is measured again if its measures are missing")
    func repairsMeasures() async throws {
        let bench = try Workbench()
        let account = try await bench.catalogue.localAccount()
        let first = try await bench.upload(noise(3_000), account: account)
        let hash = first.track.hash
        let measures = try #require(await bench.originals.measures(of: hash, version: SoundMeasures.currentVersion))
        _ = try await bench.upload(noise(3_000), account: account)
        #expect(bench.ingest.runs == 1)
        try FileManager.default.removeItem(atPath: bench.originals.path(of: hash) + ".measures")
        #expect(try await bench.upload(noise(3_000), account: account).track == first.track)
        #expect(bench.ingest.runs == 2)
        #expect(await bench.originals.measures(of: hash, version: SoundMeasures.currentVersion) == measures)
    }

    @Test("An Original goes with the last track that refers to it")
    func removesUnneeded() async throws {
        let bench = try Workbench(ScriptedIngest(.acceptsWithPacketFile))
        let (one, other) = (try await bench.catalogue.localAccount(), try await bench.catalogue.account(named: "other"))
        let first = try await bench.upload(noise(3_000), account: one)
        let second = try await bench.upload(noise(3_000), account: other)
        try await bench.delete(first.track)
        try await bench.delete(first.track)
        #expect(try bench.files(in: "originals").count == 4)
        try await bench.delete(second.track)
        try await bench.expectNothingLeft()
    }

    @Test("An Original that went meanwhile is not referred to")
    func refersToNothingGone() async throws {
        let bench = try Workbench()
        let account = try await bench.catalogue.localAccount()
        let admission = try await bench.upload(noise(3_000), account: account)
        try await bench.delete(admission.track)
        let hash = admission.track.hash
        #expect(
            try await bench.intake.refer(
                to: hash, admission.map, SoundMeasures(),
                from: Destination(account: account, name: "song.wav", origin: .upload(id: ""))) == nil)
        try await bench.expectNothingLeft()
    }

    @Test("No row is without files while tasks add and remove one song")
    func survivesContention() async throws {
        let bench = try Workbench()
        let accounts = [try await bench.catalogue.localAccount(), try await bench.catalogue.account(named: "other")]
        try await withThrowingTaskGroup(of: Void.self) { group in
            for worker in 0..<8 {
                group.addTask {
                    for _ in 0..<10 {
                        let admission = try await bench.upload(noise(2_000), account: accounts[worker % 2])
                        if worker < 4 { try await bench.delete(admission.track) }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try bench.files(in: "incoming") == [])
        let hash = try await bench.upload(noise(2_000), account: accounts[0]).track.hash
        #expect(try await bench.originals.trackMap(of: hash).originalBytes == 2_000)
        for account in accounts {
            #expect(try await bench.catalogue.count(account: account) <= 1)
            for track in try await bench.catalogue.tracks(account: account, sort: .added).items {
                try await bench.delete(track)
            }
        }
        try await bench.expectNothingLeft()
    }

    @Test("The sweep takes what a crash left, and not a file that is being written")
    func sweeps() async throws {
        let bench = try Workbench()
        let upload = try await bench.begin(100)
        try await upload.write(.init(bytes: noise(100)))
        for name in ["crashed", "crashed.too"] {
            try Data(noise(50)).write(to: URL(filePath: "\(bench.root)/incoming/\(name)"))
        }
        Intake.sweep(incoming: bench.root + "/incoming")
        #expect(try bench.files(in: "incoming").count == 1)
        #expect(try await upload.finish().isNew)
        Intake.sweep(incoming: bench.root + "/nowhere")
    }
}
