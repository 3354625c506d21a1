/// Why a Stream's bytes are not available. The gateway translates each once to a status.
public enum StreamError: Error, Sendable, Equatable {
    /// The Original or its TrackMap is not in the store.
    case missing
    /// The rendition is not offered for this track.
    case notOffered
    /// The workers have no room for another listener, or the queue is full; the client may try again later.
    case busy
    /// The chunk could not be rendered; the reason is for the log.
    case renderFailed(String)
    /// The store could not be read; the reason is for the log.
    case unreachable(String)
    /// The server is shutting down.
    case stopped
}
