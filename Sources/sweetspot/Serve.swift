import ArgumentParser
import CodecProcess
import Configuration
import Foundation
import Gateway
import Logging
import NIOCore
import ServiceLifecycle
import UnixSignals

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Run the server.")

    @Option(help: "Configuration file (YAML); Config/sweetspot.yaml documents every key.")
    var config: String?
    @Option(help: "Directory of the server's files.")
    var data: String?
    @Option(help: "Address to listen on.")
    var host: String?
    @Option(help: "Port to listen on; 0 takes a free one.")
    var port: Int?
    @Flag(help: "No login: one local account, on loopback only.")
    var open = false
    @Option(help: "One local account behind this bearer token.")
    var token: String?
    @Option(help: "Import this folder in the background, newest first.")
    var music: String?
    @Option(help: "Fetch originals and TrackMaps from this HTTP origin by range.")
    var originals: String?

    func validate() throws {
        if open, token != nil {
            throw ValidationError("--open has no login and --token is one: give one of them, or neither for accounts")
        }
        if let port, !(0...65_535).contains(port) {
            throw ValidationError("--port \(port) is no port from 0 to 65535")
        }
    }

    func run() async throws {
        raiseOpenFileLimit()
        returnFreedMemory()
        LoggingSystem.bootstrap { OneLineLogHandler(StreamLogHandler.standardError(label: $0)) }
        var logger = Logger(label: "sweetspot")
        logger.logLevel = ProcessInfo.processInfo.environment["LOG_LEVEL"].flatMap { Logger.Level(rawValue: $0) } ?? .info
        let configuration = try await configuration()
        let application = try await buildApplication(configuration: configuration, logger: logger) { url, setupCode in
            print(url)
            fflush(nil)
            if let setupCode {
                writeError("sweetspot: nobody has an account yet: make the first at \(url)/setup?code=\(setupCode)\n")
            }
        }
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [application.service], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        do {
            try await group.run()
        } catch let error as IOError {
            let reason = unsafe String(cString: strerror(error.errnoCode))
            throw CommandFailure.usage(
                "cannot listen: \(reason) (\(configuration.host):\(configuration.port)): choose another --host or --port")
        }
    }

    private func configuration() async throws -> ServerConfiguration {
        var configuration = try ServerConfiguration(
            access: token.map { .token($0) } ?? (open ? .open : .accounts), reading: try await configurationReader(file: config))
        configuration.host = host ?? configuration.host
        configuration.port = port ?? configuration.port
        configuration.data = data ?? configuration.data
        configuration.music = music
        configuration.originals = originals
        return configuration
    }

    /// Listeners are sockets: takes as many as the hard limit allows.
    private func raiseOpenFileLimit() {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
