import Audio
import Packaging
import TestSupport
import Testing

extension Track {
    /// Where the chunks of a rendition lie.
    func layout(of stream: Stream) throws -> StreamLayout {
        let rendition = try #require(Rendition(named: stream.name))
        let source = SourceFormat(codec: try #require(SourceCodec(rawValue: codec)), sampleRate: sampleRate, channels: channels)
        let grid = try #require(FrameGrid(rendition, source: source, samples: samples))
        let original = try #require(OriginalHash(hex: sha256))
        return try #require(StreamLayout(grid: grid, tags: TrackTags(), original: original))
    }
}

/// Checks how many chunks have been rendered: a render ends a moment after its last byte is there.
func expectRenders(_ count: Int, _ server: Server) async throws {
    var renders = 0
    let isRight = try await eventually(within: .seconds(60)) {
        renders = try await server.client.renders()
        return renders == count
    }
    #expect(isRight, "\(renders) renders instead of \(count)")
}
