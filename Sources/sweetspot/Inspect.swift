import ArgumentParser
import Audio
import Foundation
import Intake

struct Inspect: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Show what ingest finds in a file, or why it is refused.")

    @Argument(help: "An audio file.")
    var file: String
    @Flag(help: "Print JSON.")
    var json = false

    private struct Loudness: Encodable {
        var integrated: Double
        var truePeak: Double
        var range: Double
    }

    private struct Art: Encodable {
        var format: String
        var width: Int
        var height: Int
        var bytes: Int
    }

    private struct Report: Encodable {
        var file: String
        var accepted: Bool
        var container: String?
        var codec: String?
        var sampleRate: Int?
        var channels: Int?
        var bitsPerSample: Int?
        var samples: Int?
        var duration: Double?
        var bitrate: Int?
        var bytes: Int?
        var sha256: String?
        var packets: Int?
        var leadIn: Int?
        var packetFile: Bool?
        /// `exact` if decoding from the middle gives the same samples as decoding from the start; else the worst place's SNR.
        var randomAccess: String?
        var preRoll: Int?
        var loudness: Loudness?
        /// dB, to ReplayGain 2.0's reference.
        var replayGain: Double?
        /// Seconds below -60 dBFS at the start and at the end.
        var silence: [Double]?
        /// Share of samples at full scale.
        var clipped: Double?
        var waveform: [UInt8]?
        var title: String?
        var artist: String?
        var album: String?
        var tags: TagReport?
        var art: Art?
        var warnings: [String]?
        var renditions: [String]?
        var problem: String?
        var reason: String?
        var offset: Int?
    }

    func run() async throws {
        do {
            try show(report(try await examine(file)))
        } catch let refusal as Refusal {
            var report = Report(file: file, accepted: false)
            report.problem = refusal.kind.rawValue
            report.reason = refusal.reason
            report.offset = refusal.offset
            try show(report)
            throw ExitCode(1)
        }
    }

    private func report(_ examination: Examination) -> Report {
        let map = examination.map
        var report = Report(file: file, accepted: true)
        report.container = map.container
        report.codec = map.source.codec.rawValue
        report.sampleRate = map.source.sampleRate
        report.channels = map.source.channels
        report.bitsPerSample = map.source.bitsPerSample
        report.samples = map.samples
        report.duration = map.duration
        report.bitrate = map.bitrate
        report.bytes = map.originalBytes
        report.sha256 = examination.hash.hex
        report.packets = map.packets.count
        report.leadIn = map.leadIn
        report.packetFile = map.usesPacketFile
        let measures = examination.measures
        report.randomAccess = map.randomAccess.worst.map { "\(Int($0.rounded())) dB" } ?? "exact"
        report.preRoll = map.randomAccess.preRoll
        if let loudness = measures.loudness {
            report.loudness = Loudness(
                integrated: loudness.integrated, truePeak: loudness.truePeak, range: loudness.range)
            report.replayGain = loudness.replayGain
        }
        report.silence = [measures.leadingSilence, measures.trailingSilence].map { Double($0) / Double(map.source.sampleRate) }
        report.clipped = Double(measures.clippedSamples) / Double(map.samples * map.source.channels)
        report.waveform = measures.waveform
        report.title = map.tags.title
        report.artist = map.tags.artist
        report.album = map.tags.album
        report.tags = TagReport(map.tags)
        report.art = map.art.map { Art(format: $0.format.rawValue, width: $0.width, height: $0.height, bytes: $0.bytes) }
        report.warnings = measures.warnings
        report.renditions = map.offeredRungs.map(\.name)
        return report
    }

    private func show(_ report: Report) throws {
        if json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            print(String(decoding: try encoder.encode(report), as: UTF8.self))
            return
        }
        printFields(of: report)
    }

    /// One line per field; the fields of a part follow the part's name.
    private func printFields(of part: Any, prefix: String = "") {
        for case (let label?, let value) in Mirror(reflecting: part).children {
            let optional = Mirror(reflecting: value)
            guard let shown = optional.displayStyle == .optional ? optional.children.first?.value : value else { continue }
            let mirror = Mirror(reflecting: shown)
            if mirror.displayStyle == .struct, !mirror.children.isEmpty {
                printFields(of: shown, prefix: "\(prefix)\(label).")
                continue
            }
            let text = (shown as? [String])?.joined(separator: "; ") ?? "\(shown)"
            if !text.isEmpty { print("\(prefix)\(label): \(text.oneLine)") }
        }
    }
}
