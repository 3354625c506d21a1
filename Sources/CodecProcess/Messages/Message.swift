/// One whole message as it came from a child.
struct Message: Sendable, Hashable {
    let kind: MessageKind
    let job: UInt64
    let body: [UInt8]
}

extension Message {
    /// Bounds on one message's body, in bytes. Senders split longer ones, receivers reject them.
    enum Limit {
        /// Frames or packet bytes: small enough that readers get them while the chunk is made.
        static let piece = 1 << 16
        /// Text: a reason, the libraries' versions.
        static let text = 1 << 12
        /// A whole job: three seconds of the widest signal, and room in the worker's address space.
        static let job = 1 << 27
        /// A TrackMap has a set-up header, tags, and some bytes for each packet, of which each byte of the file may be one.
        static func trackMap(fileBytes: Int) -> Int { 1 << 25 + min(max(0, fileBytes), 1 << 24) * 16 }
    }
}
