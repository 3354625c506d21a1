/// How large AAC may become. The worker keeps to the limits that playlists promise before a frame is encoded.
public enum AACLimit {
    /// Bytes of a frame: 6144 bit per channel (ISO 14496-3 §4.5.1.1).
    public static func frameBytes(channels: Int) -> Int { 768 * channels }

    /// Bytes of `frames` frames of a rung. The track's first frame and up to one frame at its end are never heard, so they do not
    /// count towards the share.
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
