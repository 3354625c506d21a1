public import Audio
internal import Foundation

/// The loudness of tracks that are played one after the other.
public struct AlbumLoudness: Sendable, Hashable {
    /// LUFS: the mean of the tracks' energies, each weighted by its duration. A measurement of the whole album would apply the
    /// gates of ITU-R BS.1770-4 once more, which changes little on albums and needs all blocks of all tracks.
    public var integrated: Double
    /// dBTP, the highest of all tracks.
    public var truePeak: Double

    /// - Parameter tracks: the measured ones, each with its duration in seconds. Returns nil if there are none.
    public init?(of tracks: some Sequence<(loudness: SoundMeasures.Loudness, seconds: Double)>) {
        var (energy, seconds, peak) = (0.0, 0.0, -Double.infinity)
        for track in tracks {
            energy += pow(10, track.loudness.integrated / 10) * track.seconds
            seconds += track.seconds
            peak = max(peak, track.loudness.truePeak)
        }
        guard seconds > 0, energy > 0, energy.isFinite else { return nil }
        (integrated, truePeak) = (10 * log10(energy / seconds), peak)
    }
}
