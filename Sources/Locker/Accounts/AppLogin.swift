/// The app passwords that belong to a name, as a client's proof is compared with them.
///
/// There are always as many, whether the name has all of them, one or none, or does not exist: so a comparison takes the same
/// time for all names.
struct AppLogin: Sendable {
    struct Candidate: Sendable {
        /// Nil for a password that does not exist.
        var holder: Holder?
        var id = ""
        var text: String
        var used = 0
    }

    let candidates: [Candidate]
    /// The account of the name; nil if there is none.
    let account: Int64?

    /// The password that the client proves to have; nil if it has none of them.
    func candidate(where matches: (String) -> Bool) -> Candidate? {
        let found = candidates.first { matches($0.text) }
        return found?.holder == nil ? nil : found
    }
}
