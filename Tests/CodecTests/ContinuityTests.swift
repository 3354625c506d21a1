import Audio
import Glibc
import TestSupport
import Testing

@testable import Codec

@Suite("The encoder's input does not show where a chunk begins", .tags(.codec))
struct ContinuityTests {
    struct Conversion: Sendable, CustomTestStringConvertible {
        let rate: Int
        let rung: String
        var testDescription: String { "\(rate) Hz to \(rung)" }
    }

    static let conversions = [
        Conversion(rate: 44_100, rung: "opus-64"), Conversion(rate: 96_000, rung: "opus-64"),
        Conversion(rate: 22_050, rung: "opus-64"), Conversion(rate: 11_025, rung: "opus-24"),
        Conversion(rate: 32_000, rung: "opus-64"), Conversion(rate: 48_000, rung: "mp3-64"),
        Conversion(rate: 44_100, rung: "mp3-64"), Conversion(rate: 44_100, rung: "mp3-96"),
        Conversion(rate: 88_200, rung: "mp3-128"), Conversion(rate: 192_000, rung: "mp3-128"),
        Conversion(rate: 44_100, rung: "mp3-128")
    ]

    @Test("Resampling in chunks is bit-identical to one conversion", arguments: conversions)
    func resampling(_ conversion: Conversion) throws {
        let sound = Music(seconds: 9.3, sampleRate: conversion.rate).sound
        let grid = try sound.grid(conversion.rung)
        #expect(grid.chunkCount >= 3)
        let continuous = try sound.continuousSignal(grid)
        let chunked = try sound.chunkedSignal(grid)
        #expect(chunked == continuous)
        #expect(continuous.contains { abs($0) > 0.1 })
    }

    struct Encoding: Sendable, CustomTestStringConvertible {
        let arguments: [String]
        let name: String
        var testDescription: String { arguments.joined(separator: " ") }
    }

    static let exact = [
        Encoding(arguments: ["-c:a", "pcm_s16le"], name: "a.wav"), Encoding(arguments: ["-c:a", "pcm_s24be"], name: "a.aiff"),
        Encoding(arguments: ["-c:a", "flac"], name: "a.flac"), Encoding(arguments: ["-c:a", "flac"], name: "a.ogg"),
        Encoding(arguments: ["-c:a", "alac"], name: "a.m4a"),
        Encoding(arguments: ["-c:a", "libmp3lame", "-b:a", "192k"], name: "a.mp3"),
        Encoding(arguments: ["-c:a", "libmp3lame", "-q:a", "2"], name: "a.mp3"),
        Encoding(arguments: ["-c:a", "libmp3lame", "-b:a", "64k"], name: "a.mp3"),
        Encoding(arguments: ["-c:a", "libmp3lame", "-ar", "24000", "-b:a", "32k"], name: "a.mp3"),
        Encoding(arguments: ["-c:a", "libvorbis", "-q:a", "4"], name: "a.ogg")
    ]

    @Test("Decoding from the middle is bit-identical to a linear decode", arguments: exact)
    func decoding(_ encoding: Encoding) throws {
        let file = try Tools.ffmpeg(Music(seconds: 9.3).wav, encoding.arguments, to: encoding.name)
        let sound = try Sound(ingesting: file)
        let grid = try sound.grid(sound.map.source.sampleRate < 32_000 ? "mp3-64" : "mp3-128")
        #expect(grid.chunkCount >= 3)
        #expect(try sound.chunkedSignal(grid) == sound.continuousSignal(grid))
    }

    /// AAC's noise substitution runs on a seed, so its noise is another every time.
    @Test(
        "Decoding by decoders with memory comes inaudibly near to a linear decode",
        arguments: [
            (Encoding(arguments: ["-c:a", "aac", "-b:a", "128k"], name: "a.m4a"), 20.0),
            (Encoding(arguments: ["-c:a", "aac", "-b:a", "128k"], name: "a.aac"), 20.0),
            (Encoding(arguments: ["-c:a", "libopus", "-b:a", "96k"], name: "a.ogg"), 30.0)
        ])
    func nearness(_ encoding: Encoding, _ decibels: Double) throws {
        let sound = try Sound(ingesting: try Tools.ffmpeg(Music(seconds: 9.3).wav, encoding.arguments, to: encoding.name))
        let grid = try sound.grid("opus-64")
        let (chunked, continuous) = (try sound.chunkedSignal(grid), try sound.continuousSignal(grid))
        #expect(chunked.count == continuous.count)
        var (signal, error) = (0.0, 1e-12)
        for (one, other) in zip(chunked, continuous) {
            signal += Double(other * other)
            error += Double((one - other) * (one - other))
        }
        #expect(10 * log10(signal / error) > decibels)
    }

    @Test("More than two channels come down to two without clipping", arguments: 3...8)
    func downmix(_ channels: Int) throws {
        let source = SourceFormat(
            codec: .pcmS16LE, sampleRate: 44_100, channels: channels, bitsPerSample: 16, blockAlign: channels * 2)
        let packets = (0..<100).map { _ in ([UInt8](repeating: 0x7F, count: 1000 * channels * 2), 1000) }
        let sound = Sound(source, leadIn: 0, packets: packets)
        let signal = try sound.continuousSignal(try sound.grid("mp3-128"))
        #expect(signal.allSatisfy { abs($0) <= 1 })
        #expect(signal.contains { $0 > 0.3 })
    }
}
