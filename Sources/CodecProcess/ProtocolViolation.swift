/// A child said something that its side of the protocol does not allow. It is ended and nothing more of it is believed.
struct ProtocolViolation: Error, Equatable {}
