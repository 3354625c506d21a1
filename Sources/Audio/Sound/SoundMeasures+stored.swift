extension SoundMeasures {
    /// Bounds on what is stored.
    public enum Limit {
        /// Warnings that are kept: the first of more.
        public static let warnings = 64
        /// Bytes of UTF-8 of one warning: a longer one is cut.
        public static let warningBytes = 1024
        /// Bytes of the stored form: what has more is not read.
        public static let stored = 128 << 10
    }

    private static let magic = Array("SSSM".utf8)
    /// The first version whose stored form ends with features and a fingerprint.
    private static let firstWithFingerprint = 2

    /// The stored form: magic, version, body, CRC-32 of everything before it. At most ``Limit/stored`` bytes.
    public func encoded() -> [UInt8] {
        var writer = ByteWriter(reservingCapacity: 8192)
        for byte in Self.magic { writer.write(byte) }
        writer.write(UInt16(clamping: version))
        writeNumbers(to: &writer)
        writer.write(soundHash)
        writer.writeVariable(min(warnings.count, Limit.warnings))
        for warning in warnings.prefix(Limit.warnings) { writer.writeField(Self.cut(warning)) }
        if version >= Self.firstWithFingerprint {
            writer.writeField(features?.bytes ?? [])
            fingerprint.write(to: &writer)
        }
        writer.write(CRC32.checksum(writer.bytes))
        return writer.bytes
    }

    /// Nil if the bytes are not the stored form of measures of this version: what is damaged or of another version counts as missing.
    public init?(decoding bytes: [UInt8], version: Int = Self.currentVersion) {
        guard (11...Limit.stored).contains(bytes.count), Array(bytes[0..<4]) == Self.magic else { return nil }
        var reader = ByteReader(bytes, from: 4, to: bytes.count - 4)
        var trailer = ByteReader(bytes, from: bytes.count - 4)
        do throws(ByteReader.Malformed) {
            guard Int(try reader.read(UInt16.self)) == version,
                try trailer.read(UInt32.self) == CRC32.checksum(bytes[..<(bytes.count - 4)])
            else { return nil }
            try self.init(numbersFrom: &reader)
            self.version = version
            soundHash = try reader.read()
            for _ in 0..<(try reader.readVariable(limit: Limit.warnings)) {
                let text = String(validating: try reader.readField(limit: Limit.warningBytes), as: UTF8.self)
                guard let text else { return nil }
                warnings.append(text)
            }
            if version >= Self.firstWithFingerprint {
                let bytes = try reader.readField(limit: SoundFeatures.storedBytes)
                features = SoundFeatures(bytes: bytes)
                guard bytes.isEmpty || features != nil else { return nil }
                fingerprint = try AcousticFingerprint(from: &reader)
            }
            guard reader.remaining == 0 else { return nil }
        } catch {
            return nil
        }
    }

    /// The warning, cut after a Unicode scalar.
    private static func cut(_ warning: String) -> [UInt8] {
        let utf8 = Array(warning.utf8)
        guard utf8.count > Limit.warningBytes else { return utf8 }
        var end = Limit.warningBytes
        while end > 0, utf8[end] & 0xC0 == 0x80 { end -= 1 }
        return Array(utf8[..<end])
    }
}

/// What a ``TrackMap`` of version 3 has of it too, in this form.
extension SoundMeasures {
    private func writeNumbers(to writer: inout ByteWriter) {
        for value in [loudness?.integrated, loudness?.truePeak, loudness?.range] { writer.write(value) }
        writer.writeField(Array(waveform.prefix(Self.waveformPoints)))
        for number in [leadingSilence, trailingSilence, clippedSamples] { writer.writeVariable(number) }
    }

    init(numbersFrom reader: inout ByteReader) throws(ByteReader.Malformed) {
        self.init()
        let values = (try reader.readNumber(), try reader.readNumber(), try reader.readNumber())
        if case (let integrated?, let truePeak?, let range?) = values {
            loudness = Loudness(integrated: integrated, truePeak: truePeak, range: range)
        }
        waveform = try reader.readField(limit: Self.waveformPoints)
        leadingSilence = try reader.readVariable(limit: 1 << 40)
        trailingSilence = try reader.readVariable(limit: 1 << 40)
        clippedSamples = try reader.readVariable(limit: 1 << 44)
    }

    static func readFormerWarnings(from reader: inout ByteReader) throws(ByteReader.Malformed) -> [String] {
        var warnings: [String] = []
        for _ in 0..<(try reader.readVariable(limit: 1024)) { warnings.append(try reader.readText(limit: 1 << 16)) }
        return warnings
    }
}
