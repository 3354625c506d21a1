// The codec loop in one process, without the pipe and the jail: what callgrind and the allocation interposer look at.
//
//   loop FILE RENDITION ours|floor|floor-without-preroll [--chunks N] [--repeat K] [--half]
//
// Renders the first N chunks K times and prints one line of JSON: chunks, frames, bytes, a hash of the bytes, seconds. `--half` renders
// half the frames of each chunk: what two runs differ in is what frames cost.

import Audio
import CFloor
import Codec
import Foundation

func fail(_ text: String) -> Never {
    FileHandle.standardError.write(Data("loop: \(text)\n".utf8))
    exit(70)
}

/// What ingest makes of a file, and the bytes its packets are in.
func ingest(_ path: String) -> (TrackMap, [UInt8]) {
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
func jobs(_ map: TrackMap, _ bytes: [UInt8], _ rendition: Rendition, chunks: Int, half: Bool) -> [(RenderJob, [UInt8])] {
    guard let grid = FrameGrid(rendition, source: map.source, samples: map.samples) else { fail("no such rung for this file") }
    return (0..<min(chunks, grid.chunkCount)).map { chunk in
        guard let plan = RenderPlan(map, grid: grid, chunk: chunk) else { fail("no packets for chunk \(chunk)") }
        var job = plan.job
        if half {
            job.frames /= 2
            if rendition.ladder.isProgressive { job.byteCount = grid.byteCount(ofFrames: job.frames) }
        }
        return (job, Array(bytes[plan.byteRange]))
    }
}

extension RenderJob {
    /// As the C floor takes it, without the pre-roll where `isBare`.
    func withFloorJob(isBare: Bool, _ body: (floor_job) -> Void) {
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
                    body(job)
                }
            }
        }
    }
}

/// FNV-1a over 8 bytes at a time: to tell equal chunks, not to resist anybody.
func hash(_ bytes: UnsafeRawBufferPointer, _ start: UInt64) -> UInt64 {
    var hash = start
    for position in stride(from: 0, to: bytes.count - 7, by: 8) {
        hash = (hash ^ bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self)) &* 0x100_0000_01b3
    }
    for byte in bytes.suffix(bytes.count & 7) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return hash
}

func seconds(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

let words = CommandLine.arguments
func number(_ option: String, _ usual: Int) -> Int {
    words.firstIndex(of: option).flatMap { $0 + 1 < words.count ? Int(words[$0 + 1]) : nil } ?? usual
}
guard words.count >= 4, let rendition = Rendition(named: words[2]), ["ours", "floor", "floor-without-preroll"].contains(words[3])
else { fail("usage: loop FILE RENDITION ours|floor|floor-without-preroll [--chunks N] [--repeat K] [--half]") }
quietLibraries()
let (map, bytes) = ingest(words[1])
let work = jobs(map, bytes, rendition, chunks: number("--chunks", 8), half: words.contains("--half"))
var renderer = Renderer()
let floor = floor_open()
let room = 4 << 20
let out = UnsafeMutablePointer<UInt8>.allocate(capacity: room)
var total = 0
var sum: UInt64 = 0
// One round before the clock starts: the first chunk of a process opens what is opened once.
for round in 0...number("--repeat", 1) {
    if round == 1 { (total, sum) = (0, 0) }
    let start = (seconds(CLOCK_PROCESS_CPUTIME_ID), seconds(CLOCK_MONOTONIC))
    for (job, packets) in round == 0 ? work.prefix(1) : work[...] {
        var size = 0
        if words[3] == "ours" {
            do throws(RenderError) {
                try renderer.render(job, packets: packets.span.bytes) { piece in
                    let target = UnsafeMutableRawBufferPointer(start: out + size, count: piece.byteCount)
                    piece.withUnsafeBytes { target.copyMemory(from: $0) }
                    size += piece.byteCount
                }
            } catch {
                fail(error.reason)
            }
        } else {
            job.withFloorJob(isBare: words[3] != "floor") { job in
                var job = job
                size = floor_render(floor, &job, packets, out, room)
            }
        }
        total += size
        sum = hash(UnsafeRawBufferPointer(start: out, count: size), sum)
    }
    if round == 0 { continue }
    let cpu = seconds(CLOCK_PROCESS_CPUTIME_ID) - start.0
    let wall = seconds(CLOCK_MONOTONIC) - start.1
    let frames = work.reduce(0) { $0 + $1.0.frames }
    // Of one length whatever the numbers, so that printing asks for the same memory every time.
    print(
        String(
            format: "{\"chunks\":%8ld,\"frames\":%8ld,\"bytes\":%12ld,\"hash\":\"%016lx\",\"cpu\":%12.6f,\"wall\":%12.6f}",
            work.count, frames, total, sum, cpu, wall))
}
