/// A child's message breaks the protocol. The child is ended and nothing more it says is believed.
struct ProtocolViolation: Error, Equatable {}
