/// One whole message as it came from a child.
struct Message: Sendable, Hashable {
    let kind: MessageKind
    let job: UInt64
    let body: [UInt8]
}

extension Message {
    /// Bounds on what one message may hold, in bytes. The sender splits, the receiver refuses.
    enum Limit {
        /// Frames or packet bytes: small enough that a reader gets them as they are made.
        static let piece = 1 << 16
        /// Text: a reason, the libraries' versions.
        static let text = 1 << 12
        /// A whole job: three seconds of the widest signal, and room in the worker's address space.
        static let job = 1 << 27
        /// A TrackMap may cost a set-up header and tags, and some bytes for each byte of the file, as every packet has one.
        static func trackMap(fileBytes: Int) -> Int { 1 << 25 + min(max(0, fileBytes), 1 << 24) * 16 }
    }
}
