/// A frame of AAC-LC that plays nothing (ISO 14496-3 §4.4.2.1, tables 4.4 to 4.6): one single or pair of channels without a scale
/// factor band.
enum SilentAACFrame {
    /// The frame in the place of one by libavcodec, with whose windows it begins and ends, so that its neighbours overlap as they were
    /// made to; with a long one if there is none. At most ``AACSteering/silentBytes``.
    static func bytes(inPlaceOf frame: UnsafeBufferPointer<UInt8>?, channels: Int) -> [UInt8] {
        func bit(_ place: Int) -> UInt64 {
            guard let frame, place / 8 < frame.count else { return 0 }
            return UInt64(frame[place / 8] >> (7 - place % 8) & 1)
        }
        // Where the first channel's window stands: behind identifier and tag, and a pair's mark of common windows or a gain.
        let window = channels == 2 && bit(7) == 1 ? 9 : channels == 2 ? 17 : 16
        let sequence = bit(window) << 1 | bit(window + 1)
        var (bits, count): (UInt64, UInt64) = (0, 0)
        func append(_ value: UInt64, _ width: UInt64, to bits: inout UInt64, _ count: inout UInt64) {
            bits = bits << width | value
            count += width
        }
        func appendWindow(to bits: inout UInt64, _ count: inout UInt64) {
            append(sequence << 1 | bit(window + 2), 4, to: &bits, &count)
            // No bands: four bits and seven of grouping for short windows, else six and one for prediction.
            append(0, sequence == 2 ? 11 : 7, to: &bits, &count)
        }
        if channels == 2 {
            append(0b001_0000_1, 8, to: &bits, &count)
            appendWindow(to: &bits, &count)
            // No mid and side; for each channel its gain, and no pulses, temporal shaping or gain control.
            append(0, 2 + 2 * 11, to: &bits, &count)
        } else {
            append(0, 15, to: &bits, &count)
            appendWindow(to: &bits, &count)
            append(0, 3, to: &bits, &count)
        }
        append(0b111, 3, to: &bits, &count)
        let padding = (8 - count % 8) % 8
        append(0, padding, to: &bits, &count)
        return (0..<count / 8).map { UInt8(truncatingIfNeeded: bits >> (count - 8 - 8 * $0)) }
    }
}
