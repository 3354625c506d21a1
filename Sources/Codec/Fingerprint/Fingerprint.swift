public import Audio

/// Renders a built-in signal of two seconds through every decoder, resampler and encoder family and hashes the output.
///
/// Builds and machines with equal fingerprints make equal chunks. Costs about a tenth of a second of CPU and leaves every library
/// warm. Throws if a family is missing or broken: such a worker must not serve.
public func renderFingerprint() throws(RenderError) -> RenderFingerprint {
    var fingerprint = Fingerprint()
    try fingerprint.take()
    let libraries = libraryVersions()
    fingerprint.hash.add(Array(libraries.utf8).span.bytes)
    // How AAC is steered decides a chunk's bytes too, and the built-in signal may not show it.
    fingerprint.hash.add([AACSteering.version].span.bytes)
    return RenderFingerprint(value: fingerprint.hash.folded, libraries: libraries)
}

/// The run behind ``renderFingerprint()``.
private struct Fingerprint: ~Copyable {
    private static let sampleRate = 44_100
    private static let samples = 88_200

    var hash = StableHash()
    private var renderer = Renderer()

    mutating func take() throws(RenderError) {
        let signal = TestSignal(channels: 2, samples: Self.samples)
        let pcm = try ReferenceTrack(pcm: signal, sampleRate: Self.sampleRate)
        // Encoders: MPEG-1 without a resampler, MPEG-2 with one, Opus in stereo and in mono, AAC, FLAC.
        let mp3 = try encode(pcm, "mp3-128")
        _ = try encode(try ReferenceTrack(pcm: signal, sampleRate: 48_000), "mp3-64")
        let opus = try encode(pcm, "opus-64")
        _ = try encode(pcm, "opus-24")
        _ = try encode(pcm, "aac-64")
        _ = try encode(pcm, "flac")
        // Decoders, and libswresample from every sample format and from six channels.
        try decode(try ReferenceTrack(mp3: mp3, samples: Self.samples))
        try decode(try ReferenceTrack(opus: opus, samples: Self.samples))
        for codec in [SourceCodec.flac, .alac, .aac, .vorbis, .wavpack, .wma2] {
            try decode(try ReferenceTrack(signal, in: codec, sampleRate: Self.sampleRate))
        }
        try decode(try ReferenceTrack(pcm: TestSignal(channels: 6, samples: Self.samples), sampleRate: Self.sampleRate))
    }

    /// Renders the whole track; if later chunks are made differently, renders the end of it as one too. Hashes the encoded bytes
    /// and returns the track's.
    private mutating func encode(_ track: ReferenceTrack, _ name: String) throws(RenderError) -> [UInt8] {
        var encoded: [UInt8] = []
        for plan in try track.plans(name) {
            let packets = track.store.span.bytes.extracting(plan.byteRange)
            try renderer.render(plan.job, packets: packets) { piece in piece.withUnsafeBytes { encoded.append(contentsOf: $0) } }
        }
        hash.add(encoded.span.bytes)
        // A later chunk of MP3 and Opus begins after a pre-roll, as no first one does, and in Opus without prediction.
        guard let later = try track.laterChunk(name) else { return encoded }
        var end: [UInt8] = []
        try renderer.render(later.job, packets: track.store.span.bytes.extracting(later.byteRange)) { piece in
            piece.withUnsafeBytes { end.append(contentsOf: $0) }
        }
        hash.add(end.span.bytes)
        return encoded
    }

    /// Renders the whole track up to the encoder and hashes the signal.
    private mutating func decode(_ track: ReferenceTrack) throws(RenderError) {
        var hasher = SignalHasher(hash)
        for plan in try track.plans("opus-64") {
            try renderer.run(plan.job, track.store.span.bytes.extracting(plan.byteRange), &hasher) { _ in }
        }
        hash = hasher.hash
    }
}

/// Takes an encoder's place and hashes its input, which shows differences that an encoder rounds away.
private struct SignalHasher: FrameEncoder, ~Copyable {
    static var readsInterleaved: Bool { true }

    var hash: StableHash

    init(_ hash: StableHash) { self.hash = hash }

    mutating func encode(
        _ signal: borrowing SignalBuffer, at sample: Int, into output: inout EncodedBytes
    ) throws(RenderError) {
        let frame = UnsafeBufferPointer(start: signal.samples(ofChannel: 0, at: sample), count: 960 * signal.channels)
        hash.add(UnsafeRawBufferPointer(frame).bytes)
    }
}
