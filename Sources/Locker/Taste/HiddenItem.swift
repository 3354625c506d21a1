/// Something that an account does not want to be suggested.
public struct HiddenItem: Sendable, Hashable {
    /// The id of one of the account's tracks, or that under which a recording was suggested.
    public var item: String
    /// Nil if the track's sound was not measured.
    public var recording: Int64?
    public var title: String
    public var artist: String

    public init(item: String, recording: Int64?, title: String, artist: String) {
        (self.item, self.recording, self.title, self.artist) = (item, recording, title, artist)
    }
}
