import Audio
import Foundation
import Testing

@testable import Codec

/// A track as the server knows it: the map, and the bytes its packets lie in.
struct Sound {
    var map: TrackMap
    var measures = SoundMeasures()
    var store: [UInt8]

    /// Takes a file in as the ingest process does.
    init(ingesting file: [UInt8], _ limits: IngestLimits = .everything) throws {
        let run = IngestRun(file, limits)
        (map, measures) = try run.found
        store = map.usesPacketFile ? run.packetBytes : file
    }

    init(_ source: SourceFormat, leadIn: Int, packets: [(bytes: [UInt8], samples: Int)]) {
        var table = PacketTable()
        store = []
        for packet in packets {
            let fits = table.append(offset: store.count, size: packet.bytes.count, samples: packet.samples)
            #expect(fits)
            store += packet.bytes
        }
        map = TrackMap(
            container: "test", source: source, originalBytes: store.count, leadIn: leadIn,
            samples: table.sampleCount - leadIn, packets: table, usesPacketFile: false)
    }

    var found: (map: TrackMap, measures: SoundMeasures) { (map, measures) }

    func grid(_ name: String) throws -> FrameGrid {
        let rendition = try #require(Rendition(named: name))
        return try #require(FrameGrid(rendition, source: map.source, samples: map.samples))
    }

    func plan(_ grid: FrameGrid, _ chunk: Int) throws -> RenderPlan {
        try #require(RenderPlan(map, grid: grid, chunk: chunk))
    }

    /// The encoded bytes of one chunk.
    func render(_ grid: FrameGrid, _ chunk: Int, with renderer: inout Renderer) throws -> [UInt8] {
        let plan = try plan(grid, chunk)
        var bytes: [UInt8] = []
        try renderer.render(plan.job, packets: store.span.bytes.extracting(plan.byteRange)) { piece in
            piece.withUnsafeBytes { bytes.append(contentsOf: $0) }
        }
        return bytes
    }

    /// All chunks' bytes.
    func render(_ grid: FrameGrid) throws -> [UInt8] {
        var renderer = Renderer()
        var bytes: [UInt8] = []
        for chunk in 0..<grid.chunkCount { bytes += try render(grid, chunk, with: &renderer) }
        return bytes
    }

    /// What the encoder is fed of `grid`'s own frames, chunk by chunk; interleaved.
    func chunkedSignal(_ grid: FrameGrid) throws -> [Float] {
        var renderer = Renderer()
        var signal: [Float] = []
        for chunk in 0..<grid.chunkCount {
            let plan = try plan(grid, chunk)
            var capture = SignalCapture(plan.job)
            try renderer.run(plan.job, store.span.bytes.extracting(plan.byteRange), &capture) { _ in }
            let frame = grid.samplesPerFrame * grid.output.channels
            signal += capture.signal[(plan.job.preRollFrames * frame)..<((plan.job.preRollFrames + plan.job.frames) * frame)]
        }
        return Array(signal.prefix(grid.outputSamples * grid.output.channels))
    }

    /// What the encoder is fed by one linear decode and one continuous conversion of the whole track; interleaved.
    func continuousSignal(_ grid: FrameGrid) throws -> [Float] {
        var job = try continuousJob(grid)
        job.encoderStart = 0
        var capture = SignalCapture(job)
        var renderer = Renderer()
        try renderer.run(job, store.span.bytes, &capture) { _ in }
        return Array(capture.signal.prefix(grid.outputSamples * grid.output.channels))
    }

    /// The whole track by one encoder, with the grid's own settings.
    func renderContinuously(_ grid: FrameGrid) throws -> [UInt8] { try renderWhole(grid, try continuousJob(grid)) }

    /// The whole track by one encoder that has heard nothing before it, not even silence.
    func renderFresh(_ grid: FrameGrid) throws -> [UInt8] {
        var job = try continuousJob(grid)
        job.preRollFrames = 0
        job.encoderStart = 0
        return try renderWhole(grid, job)
    }

    private func renderWhole(_ grid: FrameGrid, _ job: RenderJob) throws -> [UInt8] {
        var renderer = Renderer()
        var bytes: [UInt8] = []
        try renderer.render(job, packets: store.span.bytes) { piece in
            piece.withUnsafeBytes { bytes.append(contentsOf: $0) }
        }
        return bytes
    }

    /// All chunks' bytes with a pre-roll that is not the grid's.
    func render(_ grid: FrameGrid, preRollFrames: Int) throws -> [UInt8] {
        var renderer = Renderer()
        var bytes: [UInt8] = []
        for chunk in 0..<grid.chunkCount {
            var job = try continuousJob(grid)
            let frames = grid.frames(ofChunk: chunk)
            job.preRollFrames = preRollFrames
            job.frames = frames.count
            job.encoderStart = (frames.lowerBound - preRollFrames) * grid.samplesPerFrame
            job.byteCount = grid.byteCount(ofChunk: chunk)
            try renderer.render(job, packets: store.span.bytes) { piece in
                piece.withUnsafeBytes { bytes.append(contentsOf: $0) }
            }
        }
        return bytes
    }

    private func continuousJob(_ grid: FrameGrid) throws -> RenderJob {
        var job = try plan(grid, 0).job
        let spans = continuousSpans(grid)
        let first = try #require(spans.first)
        (job.source, job.packets, job.firstPacketSample) = (first.source, first.packets, first.firstPacketSample)
        (job.sourceRange, job.endsTrack, job.following) = (first.sourceRange, first.endsPart, Array(spans.dropFirst()))
        job.resampledStart = 0
        job.encoderStart = -job.preRollFrames * grid.samplesPerFrame
        job.frames = grid.frameCount
        job.byteCount = grid.byteCount(ofFrames: grid.frameCount, inChunk: 0)
        return job
    }
}

extension Sound {
    /// All packets of every part; a part in the format of the one before goes on in its resampler.
    private func continuousSpans(_ grid: FrameGrid) -> [RenderJob.Span] {
        let parts =
            map.parts.isEmpty
            ? [TrackPart(source: map.source, packets: map.packets.count, leadIn: map.leadIn, samples: map.samples)] : map.parts
        var (packet, end, position, start) = (0, 0, 0, 0)
        var spans: [RenderJob.Span] = []
        for part in parts {
            let packets = (packet..<(packet + part.packets)).map { index in
                let packet = map.packets[index]
                defer { end = packet.offset + packet.size }
                return RenderJob.Packet(skip: packet.offset - end, size: packet.size, samples: packet.samples)
            }
            packet += part.packets
            let before = spans.last?.source
            let goesOn =
                before?.codec == part.source.codec && before?.sampleRate == part.source.sampleRate
                && before?.channels == part.source.channels && before?.bitsPerSample == part.source.bitsPerSample
            if let before, !goesOn {
                start += (position * map.source.sampleRate + before.sampleRate - 1) / before.sampleRate
                position = 0
            }
            let output = (start * grid.output.sampleRate + map.source.sampleRate - 1) / map.source.sampleRate
            spans.append(
                RenderJob.Span(
                    source: part.source, firstPacketSample: position - part.leadIn, packets: packets,
                    sourceRange: position..<(position + part.samples), endsPart: true, resampledStart: goesOn ? nil : output))
            position += part.samples
        }
        return spans
    }
}

/// One run of ingest over a file in memory.
struct IngestRun {
    private(set) var packetBytes: [UInt8] = []
    private(set) var artBytes: [UInt8] = []
    private(set) var progress: [Int] = []
    private(set) var measures: [SoundMeasures] = []
    private(set) var verdicts: [Result<TrackMap, Refusal>] = []

    init(_ file: [UInt8], _ limits: IngestLimits = .everything) {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: url) }
        guard FileManager.default.createFile(atPath: url.path, contents: Data(file)),
            let handle = FileHandle(forReadingAtPath: url.path)
        else { return }
        Ingest.run(fileDescriptor: handle.fileDescriptor, limits: limits) { event in
            switch event {
            case .ready: Issue.record("ingest itself is never not ready")
            case .progress(let bytes, _): progress.append(bytes)
            case .packetBytes(let bytes): packetBytes += bytes
            case .artBytes(let bytes): artBytes += bytes
            case .measured(let found): measures.append(found)
            case .accepted(let map): verdicts.append(.success(map))
            case .refused(let refusal): verdicts.append(.failure(refusal))
            }
        }
    }

    /// The one verdict.
    var verdict: Result<TrackMap, Refusal> {
        verdicts.count == 1 ? verdicts[0] : .failure(Refusal(.undecodable, "\(verdicts.count) verdicts"))
    }

    /// What was accepted, and the one thing that was measured of it.
    var found: (map: TrackMap, measures: SoundMeasures) {
        get throws {
            try #require(measures.count == 1 || refusal != nil)
            return (try verdict.get(), measures[0])
        }
    }

    var refusal: Refusal? {
        if case .failure(let refusal) = verdict { refusal } else { nil }
    }
}

/// Stands where an encoder would and keeps its input, interleaved.
struct SignalCapture: FrameEncoder, ~Copyable {
    static var readsInterleaved: Bool { true }

    private let frame: Int
    private(set) var signal: [Float] = []

    init(_ job: RenderJob) { frame = job.samplesPerFrame * job.output.channels }

    mutating func encode(
        _ signal: borrowing SignalBuffer, at sample: Int, into output: inout EncodedBytes
    ) throws(RenderError) {
        self.signal.append(contentsOf: UnsafeBufferPointer(start: signal.samples(ofChannel: 0, at: sample), count: frame))
    }
}

extension IngestLimits {
    /// Every format, within the default limits.
    static var everything: IngestLimits {
        var limits = IngestLimits()
        limits.takesExtraFormats = true
        return limits
    }
}
