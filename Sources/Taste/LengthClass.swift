/// Whether something is a song, or one of what does not belong between songs.
public enum LengthClass: Sendable, Hashable, CaseIterable {
    /// Under 45 s: jingles, skits, samples.
    case short
    /// Up to 15 minutes.
    case song
    /// Mixes, concerts and audiobooks.
    case long

    /// - Parameter milliseconds: nil or not above 0 if unknown, which is taken for a song.
    public init(milliseconds: Int64?) {
        switch milliseconds ?? 0 {
        case ...0: self = .song
        case ..<45_000: self = .short
        case ...900_000: self = .song
        default: self = .long
        }
    }
}
