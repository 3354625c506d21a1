import Audio

/// The side information of an MP3 frame that plays nothing, while its bytes are still there for the frames behind it.
enum SilentMP3Frame {
    /// Side information with no main data (ISO 11172-3 §2.4.1.7, ISO 13818-3 §2.4.1.7).
    ///
    /// - Parameter count: bytes of main data that the frames before it have. It says that its own begins there: else a decoder
    ///   would throw them away.
    static func side(of format: OutputFormat, mainDataBefore count: Int) -> [UInt8] {
        var side = [UInt8](repeating: 0, count: InfoFrame.sideBytes(in: format))
        if format.sampleRate >= 32_000 {
            let begin = min(count, 511)
            (side[0], side[1]) = (UInt8(begin >> 1), UInt8(begin & 1) << 7)
        } else {
            side[0] = UInt8(min(count, 255))
        }
        return side
    }
}
