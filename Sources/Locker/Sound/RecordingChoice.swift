public import Audio

/// A recording that may be the one an Original is an encode of.
public struct RecordingCandidate: Sendable, Hashable {
    public var recording: Int64
    /// An Original that is known to be an encode of it, whose measures have the fingerprint to compare with.
    public var original: OriginalHash
    /// Between the lengths of both, in milliseconds.
    public var lengthDifference: Int
}

/// The recordings to compare a fingerprint with, the likeliest first.
public struct RecordingSearch: Sendable {
    public var candidates: [RecordingCandidate]
    /// The latest recording that the search saw.
    let latest: Int64

    /// The answer to the search.
    ///
    /// - Parameter recording: the candidate that was found to be the recording; nil if none is.
    public func choice(_ recording: Int64?) -> RecordingChoice { RecordingChoice(recording: recording, latest: latest) }
}

/// The recording that an Original is an encode of, as far as it was compared.
public struct RecordingChoice: Sendable, Hashable {
    /// Nil if it is none that the search saw.
    let recording: Int64?
    /// A later recording with a word in common was not compared. Nil to let that be.
    let latest: Int64?

    /// The same, even if another recording came meanwhile.
    public var whateverCame: RecordingChoice { RecordingChoice(recording: recording, latest: nil) }
}
