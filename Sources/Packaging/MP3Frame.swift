import Audio

/// A frame of MPEG layer III, as far as its header and its side information say (ISO 11172-3 §2.4.1, ISO 13818-3 §2.4.1).
struct MP3Frame {
    private static let first = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320]
    private static let second = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160]
    private static let headerBytes = 4

    private let bytes: [UInt8]
    private let isFirstVersion: Bool
    private let rate: Int
    private let channels: Int
    private var format: OutputFormat { OutputFormat(sampleRate: rate, channels: channels) }
    private var sideBytes: Int { InfoFrame.sideBytes(in: format) }

    private var hasChecksum: Bool { bytes[1] & 1 == 0 }
    private var side: Int { Self.headerBytes + (hasChecksum ? 2 : 0) }

    /// Returns nil if the bytes are not one whole frame, or its bit rate is free.
    ///
    /// - Parameter rate: Hz.
    init?(_ frame: ArraySlice<UInt8>, rate: Int) {
        let bytes = Array(frame)
        guard bytes.count > 40, bytes[0] == 0xFF, bytes[1] & 0xE6 == 0xE2, (1...14).contains(bytes[2] >> 4) else { return nil }
        isFirstVersion = bytes[1] & 0x18 == 0x18
        guard isFirstVersion == (rate >= 32_000) else { return nil }
        channels = bytes[3] >> 6 == 3 ? 1 : 2
        self.rate = rate
        self.bytes = bytes
    }

    /// The bytes behind the side information: main data of this frame and of those behind it.
    var mainData: ArraySlice<UInt8> { bytes.dropFirst(side + sideBytes) }

    /// A frame like this one that plays nothing, and carries the last bytes of `mainData` for the frames behind it: as many as
    /// their main data may begin before them. Returns nil if no frame has room for them.
    func silent(carrying mainData: [UInt8]) -> [UInt8]? {
        // ISO 11172-3 §2.4.2.7, ISO 13818-3 §2.4.2.7.
        let carried = mainData.suffix(isFirstVersion ? 511 : 255)
        guard let (header, size) = header(ofAtLeast: Self.headerBytes + sideBytes + carried.count) else { return nil }
        var frame = header
        frame.pad(to: size - carried.count)
        return frame + carried
    }

    /// The header of a frame like this one, without a checksum and padding, and the frame's size: at least `count` bytes, at its
    /// own bit rate or the next that has so many. Returns nil if none has.
    private func header(ofAtLeast count: Int) -> (header: [UInt8], size: Int)? {
        let bitrates = isFirstVersion ? Self.first : Self.second
        func size(_ index: Int) -> Int { (isFirstVersion ? 144_000 : 72_000) * bitrates[index] / rate }
        guard let index = (Int(bytes[2] >> 4)..<bitrates.count).first(where: { size($0) >= count }) else { return nil }
        return ([bytes[0], bytes[1] | 1, UInt8(index) << 4 | bytes[2] & 0x0D, bytes[3]], size(index))
    }

    /// A frame like this one that holds a Xing header and a LAME tag; nil if no frame has room for them.
    ///
    /// - Parameters:
    ///   - frames: those that follow, which have `bytes` bytes.
    ///   - delay: samples that a player leaves out at the beginning, beside a decoder's own 529.
    ///   - padding: samples that it leaves out at the end.
    ///   - offset: where, for a hundredth of the time, the frame begins, in bytes after this frame.
    func xing(frames: Int, bytes audioBytes: Int, delay: Int, padding: Int, offset: (Int) -> Int) -> [UInt8]? {
        guard let (header, size) = header(ofAtLeast: Self.headerBytes + sideBytes + 156) else { return nil }
        var frame = header
        frame.pad(to: Self.headerBytes + sideBytes)
        let total = size + audioBytes
        frame += Array("Xing".utf8)
        frame.append(bigEndian: 0x7 as UInt32)
        frame.append(bigEndian: UInt32(clamping: frames))
        frame.append(bigEndian: UInt32(clamping: total))
        for percent in 0..<100 { frame.append(UInt8(clamping: (size + offset(percent)) * 256 / total)) }
        let tag = frame.count
        // Players take delay and padding from encoders that they know.
        frame += Array("LAME3.100".utf8)
        frame.pad(to: tag + 21)
        frame += [
            UInt8(truncatingIfNeeded: delay >> 4), UInt8(truncatingIfNeeded: delay << 4 | padding >> 8),
            UInt8(truncatingIfNeeded: padding)
        ]
        frame.pad(to: tag + 28)
        frame.append(bigEndian: UInt32(clamping: total))
        frame.append(bigEndian: 0 as UInt16)
        frame.append(bigEndian: CRC16.checksum(frame))
        frame.pad(to: size)
        return frame
    }
}
