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
    @Option(
        help: """
            One local account behind this bearer token. Every user of this machine can read it here: use --token-file, or the \
            environment's SWEETSPOT_TOKEN.
            """)
    var token: String?
    @Option(help: "The same, with the token in this file, which only you may be able to read.")
    var tokenFile: String?
    @Option(help: "Import this folder in the background, newest first.")
    var music: String?
    @Option(help: "Fetch originals and TrackMaps from this HTTP origin by range.")
    var originals: String?

    func validate() throws {
        if open, token != nil || tokenFile != nil {
            throw ValidationError("--open and --token cannot be used together: give one of them, or neither to use accounts")
        }
        try secret.validate()
        if let port, !(0...65_535).contains(port) {
            throw ValidationError("--port \(port) must be between 0 and 65535")
        }
    }

    private var secret: GivenSecret {
        GivenSecret(text: token, file: tokenFile, options: ("--token", "--token-file"))
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
                writeError("sweetspot: there is no account yet: create the first at \(url)/setup?code=\(setupCode)\n")
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
        // --open stands on the command line, which wins over the environment.
        let access: ServerConfiguration.Access = open ? .open : try secret.value().map { .token($0) } ?? .accounts
        var configuration = try ServerConfiguration(
            access: access, reading: try await configurationReader(file: config))
        configuration.host = host ?? configuration.host
        configuration.port = port ?? configuration.port
        configuration.data = data ?? configuration.data
        configuration.music = music
        configuration.originals = originals
        return configuration
    }

    /// Every listener needs a socket: raises the soft limit on open files to the hard one.
    private func raiseOpenFileLimit() {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
