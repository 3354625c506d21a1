import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// Lengths.md, beside ingest's other decisions, has the reasons in full.
    @Suite(
        "Lengths by other people's decoders", .tags(.oracle, .slow),
        .enabled(if: Corpus.isThere, "SWEETSPOT_CORPUS names no folder"))
    struct OracleTests {
        /// Samples per channel of an AAC access unit.
        private static let accessUnit = 1024

        /// Files of every container and codec; a short run takes two of each, and six where there are many.
        private static let files: [String] = {
            guard !Program.isLong else { return Corpus.conformance + Corpus.music }
            let few = Corpus.kinds.values.flatMap { kind in
                stride(from: 0, to: kind.count, by: max(1, kind.count / (kind.count > 20 ? 6 : 2))).prefix(6).map { kind[$0] }
            }
            return few.sorted() + Corpus.music.prefix(4)
        }()

        @Test("Each accepted file is as long as its format's own decoder makes it")
        func lengths() async throws {
            var compared: [String: Int] = [:]
            var explained: [String: Int] = [:]
            for found in try await inParallel(2, Self.files, { try await compare($0) }) {
                if let tool = found.tool { compared[tool, default: 0] += 1 }
                if let reason = found.reason { explained[reason, default: 0] += 1 }
            }
            print(
                "lengths compared: \(compared.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", "))"
            )
            for (reason, count) in explained.sorted(by: { $0.value > $1.value }) { print("  \(count): \(reason)") }
            #expect(compared.values.reduce(0, +) >= (Program.isLong ? 480 : 60))
            #expect(explained["the oracle makes nothing of it", default: 0] * 20 <= Self.files.count)
        }

        /// The oracle that judged the file, nil if none did, and why its length is another; nil if it is not.
        private func compare(_ path: String) async throws -> (tool: String?, reason: String?) {
            let name = URL(filePath: path).lastPathComponent
            let finding = try await Finding.inspect(path)
            guard finding.accepted, let samples = finding.samples else { return (nil, nil) }
            if finding.codec == "aac" { try await checkAccessUnits(path, finding) }
            guard let oracle = try await Oracle.judge(path, finding) else { return (nil, "the oracle makes nothing of it") }
            guard oracle.samples != samples else { return (oracle.tool, nil) }
            let reason = try reason(for: oracle.samples - samples, path, finding)
            #expect(
                reason != nil,
                "\(name) (\(finding.container ?? "") \(finding.codec ?? "")): \(samples), \(oracle.tool) \(oracle.samples)")
            return (oracle.tool, reason ?? "unexplained")
        }

        /// faad gives every access unit but the first, and follows no edit list: ours are as many.
        private func checkAccessUnits(_ path: String, _ finding: Finding) async throws {
            guard let rate = finding.sampleRate, let samples = finding.samples, let leadIn = finding.leadIn,
                let faad = try await Oracle.faad(path, rate: rate), faad > Self.accessUnit
            else { return }
            let all = faad + Self.accessUnit
            #expect(
                (samples + leadIn..<samples + leadIn + 2 * Self.accessUnit).contains(all),
                "\(URL(filePath: path).lastPathComponent): \(leadIn) + \(samples), faad \(all)")
        }

        /// Why an oracle's length may differ from ours by `difference`, where ours is right; nil where it may not.
        private func reason(for difference: Int, _ path: String, _ finding: Finding) throws -> String? {
            let file = try bytes(of: path)
            func holds(_ text: String) -> Bool { Data(file).range(of: Data(text.utf8)) != nil }
            let isCut = finding.warnings?.contains { $0.contains("ends early") } == true
            let isDamaged = finding.warnings?.contains { $0.contains("damaged") } == true
            switch (finding.container, finding.codec, difference) {
            case ("mp4", _, 1..<(2 * Self.accessUnit)): return "ffmpeg does not apply the end of an edit list"
            case ("mp4", _, ..<0) where finding.warnings?.contains { $0.contains("iTunSMPB") } == true:
                return "ffmpeg follows a gapless tag that is about another file"
            case ("mp4", "aac", -Self.accessUnit..<0) where holds("libfaac"),
                ("adts", "aac", -Self.accessUnit) where holds("libfaac"):
                return "ffmpeg drops an access unit where FAAC has signed"
            case ("mp3", _, -529) where holds("Xing") || holds("Info"): return "mpg123 takes an empty LAME field for a delay of 0"
            case ("mp3", _, 1152) where holds("VBRI"): return "mpg123 plays the VBRI frame"
            case ("mp3", _, 1152) where isCut && holds("APETAGEX"): return "mpg123 takes a tag for the rest of a cut frame"
            case ("mp3", _, 1...) where holds("iTunSMPB"): return "mpg123 does not read iTunes' gapless tag"
            case ("mp3", _, 1...) where isDamaged: return "mpg123 plays silence for a damaged frame"
            case ("ogg", "speex", 1...): return "the stream was cut out of a longer one, whose positions it keeps"
            case ("musepack", _, 251) where path.hasSuffix("apev2.sv7.mpc"): return "mpcdec plays past the header's last frame"
            case ("asf", _, ..<0): return "ffmpeg drops two frames of every WMA file"
            case ("mp3", _, ..<0) where path.hasSuffix("nonstandard-compl-sideinfo-size.bit"):
                return "mpg123 begins its output again at one frame of two channels amid mono"
            case ("wavpack", _, _) where holds("DSD "): return "wvunpack writes DSD as it is"
            default: return nil
            }
        }
    }
}
