import Gateway
import Testing

/// Starts a suite's server before its first test and ends it after its last: in a debug build a server's workers take a second or
/// two to start.
struct ServerTrait: SuiteTrait, TestScoping {
    let access: ServerConfiguration.Access
    let configure: @Sendable (inout ServerConfiguration) -> Void

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        try await RunningServer.run(access: access, configure) { server in
            try await RunningServer.$current.withValue(server) { try await function() }
        }
    }
}

/// The same, with songs in it.
struct SongServerTrait: SuiteTrait, TestScoping {
    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        try await RunningServer.run { server in
            let songs = try await SongServer(server)
            try await SongServer.$current.withValue(songs) { try await function() }
        }
    }
}

extension Trait where Self == ServerTrait {
    static func server(
        access: ServerConfiguration.Access = .open,
        _ configure: @escaping @Sendable (inout ServerConfiguration) -> Void = { _ in }
    ) -> ServerTrait {
        ServerTrait(access: access, configure: configure)
    }
}

extension Trait where Self == SongServerTrait {
    static var songServer: SongServerTrait { SongServerTrait() }
}
