import Audio

/// The MPD of one ladder (ISO 23009-1, profile `isoff-live:2011`) over the very segments that HLS serves.
public enum DASHManifest {
    public static let mediaType = "application/dash+xml"

    /// - Parameters:
    ///   - variants: lowest first.
    ///   - base: from the MPD to the directory that holds the renditions' directories, with a slash at its end.
    public static func mpd(_ variants: [PlaylistVariant], base: String) -> String {
        guard let first = variants.first else { return "" }
        let grid = first.layout.grid
        let duration = decimalSeconds(Int.microseconds(grid.outputSamples, grid.output.sampleRate))
        var text = """
            <?xml version="1.0" encoding="UTF-8"?>
            <MPD xmlns="urn:mpeg:dash:schema:mpd:2011" profiles="urn:mpeg:dash:profile:isoff-live:2011" type="static" \
            mediaPresentationDuration="PT\(duration)S" minBufferTime="PT\(first.layout.targetDuration)S">
              <Period id="0" start="PT0S">
                <AdaptationSet id="0" contentType="audio" mimeType="audio/mp4" segmentAlignment="true" startWithSAP="1">

            """
        for variant in variants { text += representation(variant, base) }
        return text + "    </AdaptationSet>\n  </Period>\n</MPD>\n"
    }

    private static func representation(_ variant: PlaylistVariant, _ base: String) -> String {
        let format = variant.layout.grid.output
        let directory = "\(base)\(variant.rendition.name)/"
        return """
                  <Representation id="\(variant.rendition.name)" codecs="\(variant.rendition.ladder.segmentCodec ?? "")" \
            bandwidth="\(variant.bandwidth.peak)" audioSamplingRate="\(format.sampleRate)">
                    <AudioChannelConfiguration schemeIdUri="urn:mpeg:dash:23003:3:audio_channel_configuration:2011" \
            value="\(format.channels)"/>
                    <SegmentTemplate timescale="\(format.sampleRate)" startNumber="0" \
            initialization="\(variant.uri(directory + "init.mp4").markup)" media="\(variant.uri(directory + "$Number$.m4s").markup)">
                      <SegmentTimeline>
            \(timeline(variant.layout))
                      </SegmentTimeline>
                    </SegmentTemplate>
                  </Representation>

            """
    }

    /// The segments' presentation times: all but the first and the last last alike.
    private static func timeline(_ layout: SegmentLayout) -> String {
        var runs: [(start: Int, duration: Int, repeats: Int)] = []
        for number in 0..<layout.count {
            let time = layout.presentation(ofSegment: number)
            if let last = runs.last, last.duration == time.count {
                runs[runs.count - 1].repeats += 1
            } else {
                runs.append((time.lowerBound, time.count, 0))
            }
        }
        return runs.map { run in
            "            <S t=\"\(run.start)\" d=\"\(run.duration)\"" + (run.repeats > 0 ? " r=\"\(run.repeats)\"" : "") + "/>"
        }.joined(separator: "\n")
    }
}
