import Audio
import CFFmpeg

/// libavcodec's FLAC encoder for one chunk. Its frames, numbered from 0, get their numbers in the track.
struct FLACEncoder: FrameEncoder, ~Copyable {
    static var readsInterleaved: Bool { true }

    private let encoder: LibavEncoder
    private let samplesPerFrame: Int
    private let bitsPerSample: Int
    /// Number of the next frame in the track.
    private var number: Int
    /// Samples per channel that are left of the track.
    private var left: Int
    private var frame: [UInt8] = []

    init(_ job: RenderJob) throws(RenderError) {
        guard job.encoderStart >= 0, job.encoderStart.isMultiple(of: job.samplesPerFrame) else {
            throw RenderError("a FLAC chunk starts at sample \(job.encoderStart)")
        }
        encoder = try LibavEncoder("flac", job) { context in
            context.pointee.sample_fmt = job.output.bitsPerSample > 16 ? AV_SAMPLE_FMT_S32 : AV_SAMPLE_FMT_S16
            context.pointee.bits_per_raw_sample = Int32(clamping: job.output.bitsPerSample)
            context.pointee.compression_level = Int32(clamping: job.effort)
            context.pointee.frame_size = Int32(clamping: job.samplesPerFrame)
        }
        samplesPerFrame = job.samplesPerFrame
        bitsPerSample = job.output.bitsPerSample
        number = job.encoderStart / job.samplesPerFrame
        left = job.outputSamples - job.encoderStart
        frame.reserveCapacity(EncodedBytes.room)
    }

    mutating func encode(
        _ signal: borrowing SignalBuffer, at sample: Int, into output: inout EncodedBytes
    ) throws(RenderError) {
        let samples = min(samplesPerFrame, left)
        guard samples > 0 else { return }
        left -= samples
        load(UnsafeBufferPointer(start: signal.samples(ofChannel: 0, at: sample), count: samples * signal.channels))
        guard try encoder.encode(samples: samples) == .packet, renumber(UnsafeBufferPointer(encoder.bytes)) else {
            throw RenderError("libavcodec made no FLAC frame")
        }
        number += 1
        try frame.withUnsafeBufferPointer { (bytes) throws(RenderError) in try output.append(sized: bytes) }
    }

    /// Converts the samples to the encoder's integers. Sources of at most 24 bits keep their samples: a float holds 24 bits.
    private func load(_ samples: UnsafeBufferPointer<Float>) {
        let plane = UnsafeMutableRawPointer(allocated(allocated(encoder.frame.pointee.extended_data)[0]))
        let scale = Float(1 << (bitsPerSample - 1))
        func integer(_ sample: Float) -> Int32 { Int32(max(-scale, min(scale - 1, (sample * scale).rounded()))) }
        if bitsPerSample > 16 {
            let plane = plane.assumingMemoryBound(to: Int32.self)
            for index in samples.indices { plane[index] = integer(samples[index]) << (32 - Int32(bitsPerSample)) }
        } else {
            let plane = plane.assumingMemoryBound(to: Int16.self)
            for index in samples.indices { plane[index] = Int16(truncatingIfNeeded: integer(samples[index])) }
        }
    }

    /// Puts the frame with its number in the track, and with the checksums that follow from it, into `frame` (RFC 9639 §9.1, §9.3).
    private mutating func renumber(_ encoded: UnsafeBufferPointer<UInt8>) -> Bool {
        // Sync code, block size and rate, channels and depth; then the coded number: 0x00 to 0x7F, as no chunk has more frames than
        // the two bytes' 2048.
        guard encoded.count > 8, encoded[0] == 0xFF else { return false }
        let oldNumber = encoded[4] < 0x80 ? 1 : 2
        let tail = Self.tailBytes(encoded[2])
        let header = 4 + oldNumber + tail
        guard encoded.count > header + 3 else { return false }
        frame.removeAll(keepingCapacity: true)
        frame.append(contentsOf: encoded[0..<4])
        Self.append(coded: number, to: &frame)
        frame.append(contentsOf: encoded[(4 + oldNumber)..<header])
        frame.append(FLACChecksum.crc8(frame[...]))
        frame.append(contentsOf: encoded[(header + 1)..<(encoded.count - 2)])
        let checksum = FLACChecksum.crc16(frame[...])
        frame.append(UInt8(truncatingIfNeeded: checksum >> 8))
        frame.append(UInt8(truncatingIfNeeded: checksum))
        return true
    }

    /// Bytes of block size and sample rate that the third header byte announces behind the number (RFC 9639 §9.1.1, §9.1.2).
    private static func tailBytes(_ byte: UInt8) -> Int {
        let blockSize =
            switch byte >> 4 {
            case 6: 1
            case 7: 2
            default: 0
            }
        let sampleRate =
            switch byte & 0x0F {
            case 12: 1
            case 13, 14: 2
            default: 0
            }
        return blockSize + sampleRate
    }

    /// Appends a number in UTF-8's manner, in up to seven bytes (RFC 9639 §9.1.5).
    static func append(coded number: Int, to bytes: inout [UInt8]) {
        guard number >= 0x80 else { return bytes.append(UInt8(truncatingIfNeeded: number)) }
        var continuations = 1
        while continuations < 6, number >= 1 << (6 * continuations + 6 - continuations) { continuations += 1 }
        let lead = UInt8(truncatingIfNeeded: 0xFF << (7 - continuations))
        bytes.append(lead | UInt8(truncatingIfNeeded: number >> (6 * continuations)))
        for index in stride(from: continuations - 1, through: 0, by: -1) {
            bytes.append(0x80 | UInt8(truncatingIfNeeded: number >> (6 * index)) & 0x3F)
        }
    }
}

/// FLAC's checksums (RFC 9639 §9.1.8, §9.3): most significant bit first, starting at 0.
enum FLACChecksum {
    private static let table8 = table(0x07, bits: 8).map { UInt8(truncatingIfNeeded: $0) }
    private static let table16 = table(0x8005, bits: 16)

    private static func table(_ polynomial: UInt16, bits: Int) -> [UInt16] {
        let top = UInt16(1) << (bits - 1)
        return (0..<256).map { byte in
            (0..<8).reduce(UInt16(byte) << (bits - 8)) { rest, _ in rest & top != 0 ? rest << 1 ^ polynomial : rest << 1 }
        }
    }

    static func crc8(_ bytes: ArraySlice<UInt8>) -> UInt8 {
        bytes.reduce(0) { table8[Int($0 ^ $1)] }
    }

    static func crc16(_ bytes: ArraySlice<UInt8>) -> UInt16 {
        bytes.reduce(0) { $0 << 8 ^ table16[Int(UInt8(truncatingIfNeeded: $0 >> 8) ^ $1)] }
    }
}
