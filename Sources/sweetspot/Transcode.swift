import ArgumentParser
import Audio
import CodecProcess
import Foundation
import Gateway
import Intake
import Logging
import NIOCore
import NIOPosix
import Originals
import Packaging
import Streaming

struct Transcode: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write exactly the bytes the server would serve for a local file.")

    @Argument(help: "An audio file.")
    var input: String
    @Option(help: "mp3-48 … mp3-320, opus-24 … opus-160, aac-32 … aac-256, or original.")
    var rendition: String
    @Option(help: "The file to write; default: stdout.")
    var output: String?
    @Option(parsing: .unconditional, help: "A byte range as in HTTP: A-B, A- or -N, inclusive.")
    var bytes: String?
    @Option(help: "Chunks rendered at once.")
    var jobs: Int?
    @Flag(help: "Print CPU and wall time of ingest and render as JSON on stderr.")
    var timings = false

    func validate() throws {
        let rung = Rendition(named: rendition)
        guard rendition == "original" || rung != nil else { throw ValidationError("there is no rendition \(rendition)") }
        guard rung?.ladder.isProgressive ?? true else {
            throw ValidationError(
                "\(rendition) has no progressive stream: its length cannot be known; use an mp3, opus or aac rung")
        }
        if let jobs, !(1...256).contains(jobs) { throw ValidationError("--jobs \(jobs) must be between 1 and 256") }
        if let bytes, bytes.contains(",") || RequestedRange.parse("bytes=\(bytes)", length: .max) == .whole {
            throw ValidationError("--bytes \(bytes) must be A-B, A- or -N")
        }
    }

    func run() async throws {
        let before = ProcessUsage.now
        let examination: Examination
        do {
            examination = try await examine(input)
        } catch let refusal as Refusal {
            throw CommandFailure.refused("\(input): \(refusal.reason)")
        }
        let ingest = (ProcessUsage.now - before).adding(examination.cost.cpu)
        let sink = try OutputFile(path: output)
        if let rendition = Rendition(named: rendition) {
            try await render(examination, rendition, to: sink, ingest: ingest)
        } else {
            try await copy(examination, to: sink)
        }
        try sink.close()
    }

    private func render(_ examination: Examination, _ rendition: Rendition, to sink: OutputFile, ingest: ProcessCost) async throws
    {
        guard examination.map.offers(rendition) else {
            let offered = examination.map.offeredRungs.filter(\.ladder.isProgressive).map(\.name).joined(separator: " ")
            throw CommandFailure.refused(
                "\(input): \(rendition.name) is not offered for this file: choose one of \(offered)"
            )
        }
        let jobs = jobs ?? System.coreCount
        let bar = ProgressBar(rendition.name)
        do {
            try await StreamEngine.withOwnWorkers(
                jobs, of: examination, executable: try requireCodec(), eventLoopGroup: .singletonMultiThreadedEventLoopGroup,
                logger: Logger(label: "sweetspot", factory: { _ in SwiftLogNoOpLogHandler() })
            ) { engine in
                let stream = try await engine.stream(of: examination.hash, in: rendition)
                let range = try range(length: stream.length)
                let before = ProcessUsage.now
                var written = 0
                var reading = try await stream.read(range)
                while let bytes = try await reading.next() {
                    try sink.write(bytes)
                    written += bytes.readableBytes
                    bar.update(done: written, total: range.count)
                }
                bar.clear()
                if timings { report(ingest, (ProcessUsage.now - before).adding(engine.renderTime)) }
            }
        } catch let error as StreamError {
            throw CommandFailure.internal("\(input): \(rendition.name) could not be rendered: \(error)")
        }
    }

    private func copy(_ examination: Examination, to sink: OutputFile) async throws {
        let range = try range(length: examination.map.originalBytes)
        var offset = range.lowerBound
        while offset < range.upperBound {
            let piece = offset..<min(offset + 1 << 20, range.upperBound)
            try sink.write(ByteBuffer(bytes: await examination.read(piece, of: .original, original: examination.hash)))
            offset = piece.upperBound
        }
    }

    private func range(length: Int) throws -> Range<Int> {
        switch RequestedRange.parse(bytes.map { "bytes=\($0)" }, length: length) {
        case .whole: return 0..<length
        case .satisfiable(let range): return range
        case .unsatisfiable: throw CommandFailure.usage("--bytes \(bytes ?? ""): the stream has \(length) bytes")
        }
    }

    private struct Timings: Encodable {
        struct Phase: Encodable {
            /// Seconds of processor time, this process and its workers together.
            var cpu: Double
            /// Seconds.
            var wall: Double
        }

        var ingest: Phase
        var render: Phase
    }

    private func report(_ ingest: ProcessCost, _ render: ProcessCost) {
        let timings = Timings(
            ingest: Timings.Phase(cpu: ingest.cpu / .seconds(1), wall: ingest.wall / .seconds(1)),
            render: Timings.Phase(cpu: render.cpu / .seconds(1), wall: render.wall / .seconds(1)))
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        if let json = try? encoder.encode(timings) { writeError(String(decoding: json, as: UTF8.self) + "\n") }
    }
}
