// The codec loop in one process, without the pipe and the jail: what callgrind and the allocation interposer look at.
//
//   loop FILE RENDITION ours|floor|floor-without-preroll [--chunks N] [--repeat K] [--half] [--effort N]
//
// Renders the first N chunks K times and prints one line of JSON: chunks, frames, bytes, a hash of the bytes, seconds. `--half` renders
// half the frames of each chunk: what two runs differ in is what frames cost. `--effort` is another than the rung's.

import Audio
import CFloor
import Codec
import Foundation
import LoopWork

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
else { fail("usage: loop FILE RENDITION ours|floor|floor-without-preroll [--chunks N] [--repeat K] [--half] [--effort N]") }
quietLibraries()
let (map, bytes) = ingest(words[1])
let work = jobs(map, bytes, rendition, chunks: number("--chunks", 8), half: words.contains("--half")).map { job, packets in
    var job = job
    job.effort = number("--effort", job.effort)
    return (job, packets)
}
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
