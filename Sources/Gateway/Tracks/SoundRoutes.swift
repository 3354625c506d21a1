import Audio
import Hummingbird
import Locker
import Originals

/// `/api/v1/tracks/{track}/waveform` and `/lyrics`: what a player shows of a track while it plays.
struct SoundRoutes: Sendable {
    let catalogue: Catalogue
    let originals: any OriginalVault
    /// The version of measures that are shown.
    let measuresVersion: Int

    func add(to routes: inout Routes) {
        typealias Document = OpenAPI.Tracks
        routes.resource("/api/v1/tracks/:track/waveform", [.read(.library, Document.waveform, waveform)])
        routes.resource("/api/v1/tracks/:track/lyrics", [.read(.library, Document.lyrics, lyrics)])
    }

    private struct WaveformDocument: JSONWritable {
        var peaks: [UInt8]
        /// Seconds.
        var duration: Double

        func write(to text: inout JSONText) {
            text.object { text in
                text.key("duration")
                text.value(duration)
                text.key("peaks")
                text.array { text in for peak in peaks { text.value(Int(peak)) } }
            }
        }
    }

    @Sendable private func waveform(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let id = try context.parameters.require("track")
        guard let track = try await catalogue.track(id: id, account: context.account) else { throw Problem.notFound() }
        var measures = await originals.measures(of: track.hash, version: measuresVersion)
        // Until the track is measured again, what an older version measured is shown.
        if measures == nil, track.measuresVersion > 0, track.measuresVersion < measuresVersion {
            measures = await originals.measures(of: track.hash, version: track.measuresVersion)
        }
        guard let peaks = measures?.waveform, !peaks.isEmpty else {
            throw Problem.notFound("the track has not been measured yet")
        }
        return try Response(WaveformDocument(peaks: peaks, duration: track.duration), for: request)
    }

    private struct LyricsDocument: JSONWritable {
        /// Nil if the track has no lyrics.
        var sheet: LyricSheet?

        func write(to text: inout JSONText) {
            text.object { text in
                text.key("lines")
                text.array { text in
                    for line in sheet?.lines ?? [] {
                        text.object { text in
                            text.key("at")
                            text.value(line.at)
                            text.key("text")
                            text.value(line.text)
                        }
                    }
                }
                text.key("synced")
                text.value(sheet?.isSynchronised ?? false)
            }
        }
    }

    @Sendable private func lyrics(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let id = try context.parameters.require("track")
        let lyrics = try await catalogue.lyrics(of: id, account: context.account)
        if lyrics == nil, try await catalogue.track(id: id, account: context.account) == nil { throw Problem.notFound() }
        return try Response(LyricsDocument(sheet: lyrics.map { LyricSheet($0) }), for: request)
    }
}
