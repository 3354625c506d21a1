/// A month's report as it was made.
public struct StoredReport: Sendable, Hashable {
    /// `2026-10`
    public var month: String
    /// `k` or `dp`.
    public var mode: String
    public var document: String

    public init(month: String, mode: String, document: String) {
        (self.month, self.mode, self.document) = (month, mode, document)
    }
}

/// What an account that takes part played of one track in a time.
public struct ReportedPlays: Sendable, Hashable {
    public var track: String
    public var title: String
    public var artist: String
    /// The artists one by one.
    public var artists: [String]
    public var album: String
    /// Empty if unknown.
    public var albumArtist: String
    public var genres: [String]
    /// Equal for encodes of one recording; nil until its sound is measured.
    public var recording: Int64?
    public var count: Int
    /// Times of the first and the last play, in milliseconds since 1970.
    public var times: ClosedRange<Int>
}
