extension TrackMap {
    /// The packet to start decoding at so that `packet` decodes as it does in a linear decode, or inaudibly near it.
    ///
    /// MP3 goes back until the skipped packets' main data fill the bit reservoir (511 bytes, 255 for MPEG-2 and 2.5:
    /// `main_data_begin`, ISO 11172-3 §2.4.1.7) and then one more for the overlap; AAC 2; Opus 80 ms (RFC 7845 §4.6); Vorbis and
    /// WMA 1; free-format MP3, whose packets stand alone, 2; lossless codecs 0; all others 10. If a file needs more, its
    /// ``TrackMap/randomAccess`` says so.
    public func decodingStart(for packet: Int) -> Int { decodingStart(for: packet, of: source, from: 0) }

    /// The same in a part in `source`'s format that begins at packet `first`: no decoder starts before it.
    func decodingStart(for packet: Int, of source: SourceFormat, from first: Int) -> Int {
        max(first, min(ruledStart(for: packet, source), packet - randomAccess.preRoll))
    }

    private func ruledStart(for packet: Int, _ source: SourceFormat) -> Int {
        switch source.codec {
        case .mp3:
            let reservoir = source.sampleRate >= 32_000 ? 511 : 255
            // Header, CRC and side information at their largest.
            let overhead = source.sampleRate >= 32_000 ? 38 : 23
            var first = packet
            var mainData = 0
            while first > 0, mainData < reservoir, packet - first < 64 {
                first -= 1
                mainData += max(0, packets[first].size - overhead)
            }
            return max(0, first - 1)
        case .aac, .mp3ADU:
            return max(0, packet - 2)
        case .opus:
            var first = packet
            let target = packets[packet].firstSample - 3840
            while first > 0, packets[first].firstSample > target, packet - first < 64 { first -= 1 }
            return first
        case .vorbis, .wma1, .wma2:
            return max(0, packet - 1)
        case .wmaPro, .wmaVoice, .musepack7, .musepack8, .speex:
            return max(0, packet - 10)
        default:
            return packet
        }
    }
}
