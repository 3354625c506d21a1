import Audio
import Testing

@testable import Locker

@Suite("The loudness of an album", .everyDriver) struct AlbumLoudnessTests {
    private func of(_ tracks: [(Double, peak: Double, seconds: Double)]) -> AlbumLoudness? {
        AlbumLoudness(
            of: tracks.map { (SoundMeasures.Loudness(integrated: $0.0, truePeak: $0.peak, range: 0), seconds: $0.seconds) })
    }

    @Test("The mean is one of energies by durations, and the peak is the highest")
    func mean() throws {
        #expect(of([]) == nil && of([(-14, -1, 0)]) == nil)
        let one = try #require(of([(-14, -1, 200)]))
        #expect(abs(one.integrated + 14) < 1e-9 && one.truePeak == -1)
        // Half the time at -10 and half at silence is 3.01 dB less.
        let half = try #require(of([(-10, -3, 60), (-90, 0.5, 60)]))
        #expect(abs(half.integrated + 13.0103) < 1e-3 && half.truePeak == 0.5)
        // 10^(-1.0) * 30 + 10^(-2.0) * 90 = 3.9, by 120 s: 0.0325, that is -14.8812 LUFS.
        let unequal = try #require(of([(-10, -1, 30), (-20, -2, 90)]))
        #expect(abs(unequal.integrated + 14.8812) < 1e-3)
    }

    @Test("An album has the loudness of its measured tracks, in its own account alone")
    func album() async throws {
        let fixture = try Fixture()
        let catalogue = fixture.catalogue
        let (account, other) = (try await catalogue.localAccount(), try await catalogue.account(named: "other"))
        var tracks: [Track] = []
        for (number, loudness) in [-10.0, -20, nil].enumerated() {
            let measures = SoundMeasures(
                loudness: loudness.map { .init(integrated: $0, truePeak: $0 + 9, range: 4) }, soundHash: UInt64(number + 1))
            let tags = TrackTags(title: "\(number)", artist: "A", albumArtist: "", album: "X", track: number + 1)
            tracks.append(
                try await catalogue.add(
                    account: account, hash: .numbered(number), map: map(tags), measures: measures, title: "-"
                ).track)
        }
        let album = tracks[0].albumID
        let found = try #require(try await catalogue.loudness(ofAlbum: album, account: account))
        // The mean of 0.1 and 0.01.
        #expect(abs(found.integrated + 12.5964) < 1e-3 && found.truePeak == -1)
        #expect(try await catalogue.loudness(ofAlbum: album, account: other) == nil)
        for track in tracks.prefix(2) { _ = try await catalogue.remove(id: track.id, account: account) }
        #expect(try await catalogue.loudness(ofAlbum: album, account: account) == nil)
    }
}
