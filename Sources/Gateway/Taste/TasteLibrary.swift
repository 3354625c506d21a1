import Taste

/// What suggestions have to know of an account's own library.
struct TasteLibrary: Sendable {
    var own: OwnLibrary
    /// Nil if no track's sound is known.
    var sound: SoundSpace?
    /// What the account likes most, by number, faded to one time.
    var weights: [Seed]
}
