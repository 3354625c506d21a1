import Audio

/// HLS playlists (RFC 8216bis) of a whole track, even if none of it is encoded yet. URIs are relative.
public enum HLSPlaylist {
    public static let mediaType = "application/vnd.apple.mpegurl"

    /// The master playlist of one ladder: players may start with the first variant and switch among all.
    ///
    /// - Parameter base: from the playlist to the directory that holds the renditions' directories, with a slash at its end; empty where the
    ///   playlist lies in it.
    public static func master(_ variants: [PlaylistVariant], base: String = "") -> String {
        var lines = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS"]
        for variant in variants {
            let codec = variant.rendition.ladder.segmentCodec ?? ""
            lines.append(
                "#EXT-X-STREAM-INF:BANDWIDTH=\(variant.bandwidth.peak),AVERAGE-BANDWIDTH=\(variant.bandwidth.average),"
                    + "CODECS=\"\(codec)\"")
            lines.append(variant.uri("\(base)\(variant.rendition.name)/index.m3u8"))
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The media playlist of one rendition; it has its end tag from the start.
    public static func media(_ variant: PlaylistVariant) -> String {
        let layout = variant.layout
        let rate = layout.grid.output.sampleRate
        var text = """
            #EXTM3U
            #EXT-X-VERSION:7
            #EXT-X-TARGETDURATION:\(layout.targetDuration)
            #EXT-X-MEDIA-SEQUENCE:0
            #EXT-X-PLAYLIST-TYPE:VOD
            #EXT-X-INDEPENDENT-SEGMENTS
            #EXT-X-MAP:URI="\(variant.uri("init.mp4"))"

            """
        for number in 0..<layout.count {
            // Differences of rounded times: the sum of all is the rounded length, whatever the number of segments.
            let time = layout.presentation(ofSegment: number)
            let duration = Int.microseconds(time.upperBound, rate) - Int.microseconds(time.lowerBound, rate)
            text += "#EXTINF:\(decimalSeconds(duration)),\n\(variant.uri("\(number).m4s"))\n"
        }
        return text + "#EXT-X-ENDLIST\n"
    }
}
