/// Why a chunk could not be made. The reason is for the log, not for listeners.
public struct RenderError: Error, Sendable, Hashable {
    public var reason: String

    init(_ reason: String) { self.reason = reason }
}
