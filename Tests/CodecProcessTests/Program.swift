import Foundation
import Testing

/// A program run to its end.
enum Program {
    struct Output {
        /// What it wrote to standard output.
        let bytes: [UInt8]
        let status: Int32
        /// The signal that ended it, if one did.
        let signal: Int32?
    }

    /// Where the build puts programs: beside this one.
    static func folder() throws -> URL {
        URL(filePath: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")).deletingLastPathComponent()
    }

    /// Runs it on a file, by default an empty one. It writes to a pipe, as a jailed process can make no file longer.
    static func run(_ path: String, _ arguments: [String], input: URL? = nil) throws -> Output {
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        process.standardInput = try input.map { try FileHandle(forReadingFrom: $0) } ?? FileHandle.nullDevice
        let output = Foundation.Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        let isSignal = process.terminationReason == .uncaughtSignal
        return Output(
            bytes: Array(bytes), status: process.terminationStatus, signal: isSignal ? process.terminationStatus : nil)
    }
}
