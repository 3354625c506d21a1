import Audio
import Locker
import Streaming

extension Media {
    /// The profile of an AAC original, by its TrackMap; nil if that does not say.
    func profile(of track: Track) async -> String? {
        // A decision does not fail for it: what is wrong with the track shows when it is played.
        let map = try? await engine.map(of: track.hash)
        return map?.source.aacProfile
    }
}

extension SourceFormat {
    /// The profile of AAC, by its AudioSpecificConfig (ISO 14496-3 §1.6.2.1); nil if there is none. HE-AAC may call itself LC: what
    /// is decoded then has twice the rate that it states.
    var aacProfile: String? {
        guard codec == .aac, extradata.count >= 2 else { return nil }
        let rates = [96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8000, 7350]
        switch extradata[0] >> 3 {
        case 1: return "Main"
        case 2:
            let rate = Int(extradata[0] & 7) << 1 | Int(extradata[1] >> 7)
            return rates.indices.contains(rate) && sampleRate == 2 * rates[rate] ? "HE-AAC" : "LC"
        case 5: return "HE-AAC"
        case 29: return "HE-AACv2"
        default: return nil
        }
    }
}
