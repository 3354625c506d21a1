import FileSystem
public import Logging
public import NIOCore

/// Scales covers, each in a one-shot process, so that any harm a picture does to a decoder ends with that process.
public struct PictureProcess: Sendable {
    private let executable: String
    private let eventLoopGroup: any EventLoopGroup
    private let logger: Logger

    /// - Parameter executable: path of `sweetspot-codec`; see ``codecExecutable()``.
    public init(executable: String, eventLoopGroup: any EventLoopGroup, logger: Logger) {
        self.executable = executable
        self.eventLoopGroup = eventLoopGroup
        self.logger = logger
    }

    /// The picture as a JPEG whose longer side has `size` pixels. The process may take 5 s; time without a processor does not
    /// count, up to ten times that.
    ///
    /// - Throws: `Refusal` if the picture cannot be decoded or is not larger than `size`;
    ///   ``WorkerError/unavailable(_:)`` if no process can be started; `CancellationError`.
    public func resize(_ picture: [UInt8], to size: Int) async throws -> [UInt8] {
        try await resize(picture, to: size, PictureConversation())
    }

    func resize(_ picture: [UInt8], to size: Int, _ conversation: PictureConversation) async throws -> [UInt8] {
        let process = OneShotProcess(
            executable: executable, mode: "picture", arguments: ["\(size)"], limits: PictureConversation.limits,
            eventLoopGroup: eventLoopGroup, logger: logger)
        let file: Descriptor
        do throws(SystemError) {
            file = try Descriptor.inMemory(picture)
        } catch {
            throw WorkerError.unavailable("\(error)")
        }
        return try await process.run(on: file.number, conversation) { _ in }.0
    }
}
