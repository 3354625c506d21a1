import Audio
import TestSupport
import Testing

@testable import Codec

@Suite("One decode measures exactly the track's own samples", .tags(.codec))
struct SoundMeterTests {
    private static let rate = 48_000

    /// A WAV of 24 bits made by ffmpeg from a formula.
    private static func measures(_ formula: String, seconds: Double, to name: String = "a.flac") throws -> SoundMeasures {
        let file = try Tools.ffmpeg(
            Music(seconds: 0.1).wav, ["-map", "0", "-c:a", name.hasSuffix("flac") ? "flac" : "pcm_f32le"], to: name,
            inputOptions: ["-f", "lavfi", "-i", "aevalsrc=\(formula):s=\(rate):d=\(seconds)"])
        return try Sound(ingesting: file).measures
    }

    @Test("A stereo sine of 1 kHz at -23 dBFS has -23 LUFS (EBU Tech 3341, case 1)")
    func loudness() throws {
        let level = 0.070794578
        let measures = try Self.measures("\(level)*sin(2*PI*1000*t)|\(level)*sin(2*PI*1000*t)", seconds: 20)
        let loudness = try #require(measures.loudness)
        #expect(abs(loudness.integrated + 23) < 0.1)
        #expect(abs(loudness.truePeak + 23) < 0.1)
        #expect(loudness.range < 0.1)
        #expect(abs(loudness.replayGain - 5) < 0.1)
    }

    @Test("Silence has no loudness, and is silent from end to end")
    func silence() throws {
        let measures = try Self.measures("0|0", seconds: 3)
        #expect(measures.loudness == nil)
        #expect(measures.leadingSilence == 3 * Self.rate)
        #expect(measures.trailingSilence == 0)
        #expect(measures.waveform == [UInt8](repeating: 0, count: 1000))
    }

    @Test("Silence at the ends is counted to the sample, and the waveform follows the sound")
    func ends() throws {
        let measures = try Self.measures("if(between(t\\,1\\,3)\\,0.5\\,0)", seconds: 4)
        #expect(measures.leadingSilence == Self.rate)
        #expect(measures.trailingSilence == Self.rate - 1)
        #expect(measures.waveform.count == 1000)
        #expect(measures.waveform[100] == 0)
        #expect(measures.waveform[500] == 128)
        #expect(measures.waveform[900] == 0)
        #expect(measures.clippedSamples == 0)
    }

    @Test("Runs at full scale are clipped, single peaks are not, and NaN is silence")
    func clipping() throws {
        let runs = try Self.measures("if(lt(mod(n\\,100)\\,3)\\,1\\,0)", seconds: 1, to: "a.wav")
        #expect(runs.clippedSamples == Self.rate / 100 * 2)
        let peaks = try Self.measures("if(eq(mod(n\\,100)\\,0)\\,1\\,0)", seconds: 1, to: "a.wav")
        #expect(peaks.clippedSamples == 0)
        let numbers = try Self.measures("if(eq(mod(n\\,100)\\,0)\\,0/0\\,0.25)", seconds: 1, to: "a.wav")
        #expect(numbers.waveform.allSatisfy { $0 == 64 })
    }

    @Test("Trimmed samples are not measured", arguments: ["a.mp3", "a.m4a", "a.ogg"])
    func trimmed(_ name: String) throws {
        // Loud to both ends: any sample of the encoder's delay or padding would show as silence.
        let file = try Tools.ffmpeg(
            Music(seconds: 0.1).wav, ["-map", "0", "-b:a", "256k"] + (name == "a.ogg" ? ["-c:a", "libopus"] : []), to: name,
            inputOptions: ["-f", "lavfi", "-i", "sine=f=997:r=48000:d=2,volume=12dB"])
        let (map, measures) = try Sound(ingesting: file).found
        #expect(map.samples == 96_000)
        #expect(measures.leadingSilence < 20)
        #expect(measures.trailingSilence < 20)
    }

    @Test("A second look at eight places says how good random access is")
    func randomAccess() throws {
        let wav = Music(seconds: 10).wav
        for (name, arguments) in [("a.flac", []), ("a.mp3", ["-b:a", "192k"]), ("b.ogg", ["-c:a", "libvorbis"])] {
            let access = try Sound(ingesting: Tools.ffmpeg(wav, arguments, to: name)).map.randomAccess
            #expect(access == RandomAccess(preRoll: 0, worst: nil, places: 8), "\(name)")
        }
        let opus = try Sound(ingesting: Tools.ffmpeg(wav, ["-c:a", "libopus"], to: "a.ogg")).map.randomAccess
        #expect(try #require(opus.worst) >= 40)
        #expect(opus.places == 8)
    }
}
