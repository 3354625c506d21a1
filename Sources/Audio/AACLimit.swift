/// How large AAC may become: what the worker keeps to is what playlists promise before a frame is encoded.
public enum AACLimit {
    /// Bytes of a frame: 6144 bit per channel (ISO 14496-3 §4.5.1.1).
    public static func frameBytes(channels: Int) -> Int { 768 * channels }

    /// Bytes of `frames` frames of a rung. Of the track's first frame nothing is heard, and of its last up to a frame is not, so these
    /// do not count towards the share.
    ///
    /// - Parameters:
    ///   - bitrate: of the rung in kbit/s.
    ///   - sampleRate: in Hz.
    ///   - percent: of the share; a playlist's peak is promised for 112.
    public static func bytes(
        ofFrames frames: Int, startsTrack: Bool, endsTrack: Bool, bitrate: Int, sampleRate: Int, percent: Int = 112
    ) -> Int {
        let heard = max(1, frames - (startsTrack ? 1 : 0) - (endsTrack ? 1 : 0))
        return heard * 1024 * bitrate * 1000 / 8 / sampleRate * percent / 100
    }
}
