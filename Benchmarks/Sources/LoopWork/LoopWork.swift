public import Audio
public import CFloor
import Codec
import Foundation

public func fail(_ text: String) -> Never {
    FileHandle.standardError.write(Data("loop: \(text)\n".utf8))
    exit(70)
}

/// What ingest makes of a file, and the bytes its packets are in.
public func ingest(_ path: String) -> (TrackMap, [UInt8]) {
    let descriptor = open(path, O_RDONLY)
    guard descriptor >= 0, let file = FileManager.default.contents(atPath: path) else { fail("\(path) cannot be read") }
    defer { close(descriptor) }
    var map: TrackMap?
    var packets: [UInt8] = []
    Ingest.run(fileDescriptor: descriptor) { event in
        switch event {
        case .accepted(let accepted): map = accepted
        case .packetBytes(let bytes): packets += bytes
        case .refused(let refusal): fail("\(path): \(refusal.reason)")
        default: break
        }
    }
    guard let map else { fail("\(path) has no map") }
    return (map, map.usesPacketFile ? packets : Array(file))
}

/// The first chunks of a rendition as jobs, each with the bytes of its packets.
public func jobs(_ map: TrackMap, _ bytes: [UInt8], _ rendition: Rendition, chunks: Int, half: Bool) -> [(RenderJob, [UInt8])] {
    guard let grid = FrameGrid(rendition, source: map.source, samples: map.samples) else { fail("no such rung for this file") }
    return (0..<min(chunks, grid.chunkCount)).map { chunk in
        guard let plan = RenderPlan(map, grid: grid, chunk: chunk) else { fail("no packets for chunk \(chunk)") }
        var job = plan.job
        if half {
            job.frames /= 2
            if rendition.ladder.hasKnownSizes { job.byteCount = grid.byteCount(ofFrames: job.frames, inChunk: chunk) }
        }
        return (job, Array(bytes[plan.byteRange]))
    }
}

extension RenderJob {
    /// As the C floor takes it, without the pre-roll where `isBare`.
    public func withFloorJob(isBare: Bool, _ body: (floor_job) -> Void) {
        let decoder = source.codec == .mp3 ? "mp3float" : source.codec == .opus ? "libopus" : source.codec.rawValue
        let packets = packets.map { floor_packet(skip: $0.skip, size: $0.size, samples: Int32($0.samples)) }
        let dropped = isBare ? preRollFrames * samplesPerFrame : 0
        decoder.withCString { decoder in
            source.extradata.withUnsafeBufferPointer { extradata in
                packets.withUnsafeBufferPointer { packets in
                    var job = floor_job()
                    job.decoder = decoder
                    job.extradata = extradata.baseAddress
                    job.extradata_size = Int32(extradata.count)
                    job.block_align = Int32(source.blockAlign)
                    job.bits_per_coded_sample = Int32(source.bitsPerSample)
                    job.knows_no_rate = source.codec.rawValue.hasPrefix("pcm_") ? 1 : 0
                    job.bit_rate = Int64(source.bitRate)
                    job.source_rate = Int32(source.sampleRate)
                    job.source_channels = Int32(source.channels)
                    job.first_packet_sample = Int64(firstPacketSample)
                    job.source_start = Int64(sourceRange.lowerBound)
                    job.source_end = Int64(sourceRange.upperBound)
                    job.ends_track = endsTrack ? 1 : 0
                    job.packets = packets.baseAddress
                    job.packet_count = Int32(packets.count)
                    job.codec = ladder == .mp3 ? FLOOR_MP3 : ladder == .opus ? FLOOR_OPUS : FLOOR_AAC
                    job.effort = Int32(effort)
                    job.kbits = Int32(bitrate)
                    job.rate = Int32(output.sampleRate)
                    job.channels = Int32(output.channels)
                    job.resampled_start = Int64(resampledStart)
                    job.encoder_start = Int64(encoderStart + dropped)
                    job.output_samples = Int64(outputSamples)
                    job.samples_per_frame = Int32(samplesPerFrame)
                    job.pre_roll = isBare ? 0 : Int32(preRollFrames)
                    job.frames = Int32(frames)
                    job.look_ahead = Int32(lookAheadFrames)
                    job.stands_alone = standsAlone ? 1 : 0
                    job.bytes = byteCount
                    body(job)
                }
            }
        }
    }
}
