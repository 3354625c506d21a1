import Audio

/// The part of an MP4 track's media that is the track (ISO 14496-12 §8.6.6).
///
/// A track is one stretch of its media. Edits that follow each other are joined. If edits leave something out or repeat it, the
/// stretch reaches from the first second any of them plays to the last, so that nothing is lost and nothing is heard twice. Rates
/// are ignored, and so are empty edits, which only shift the track against a picture.
struct EditList: Equatable {
    private struct Edit: Equatable {
        /// Ticks of the movie; 0 to the end.
        let duration: Int
        /// Ticks of the media.
        let start: Int
    }

    private static let maximumEdits = 1 << 16

    private let edits: [Edit]

    /// Reads the body of an `elst` box, which may be cut off. Nil if no edit plays anything.
    init?(_ body: [UInt8]) {
        guard let version = body.first, let count = body.number(at: 4, 4, .big) else { return nil }
        let size = version == 1 ? 8 : 4
        var edits: [Edit] = []
        for index in 0..<min(count, Self.maximumEdits) {
            let place = 8 + index * (2 * size + 4)
            guard let duration = body.number(at: place, size, .big), let start = body.number(at: place + size, size, .big) else {
                break
            }
            // The media time is signed; it is negative in an empty edit.
            guard start < (version == 1 ? .max : 1 << 31) else { continue }
            edits.append(Edit(duration: duration, start: start))
        }
        // An edit without duration plays nothing, except as the last edit: then it plays the rest. The standard says so for
        // fragmented files, and for other files no other meaning makes sense.
        edits = edits.enumerated().filter { $0.offset == edits.count - 1 || $0.element.duration > 0 }.map(\.element)
        guard !edits.isEmpty else { return nil }
        self.edits = edits
    }

    /// The stretch of the media that is the track, in samples per channel.
    struct Stretch: Equatable {
        let start: Int
        /// Nil for the media's end.
        let end: Int?
        /// Whether the edits play this stretch once and nothing else.
        let isWhole: Bool
    }

    /// - Parameters:
    ///   - movie: ticks of the movie a second.
    ///   - media: ticks of the media a second.
    ///   - sampleRate: Hz of the samples that count.
    func stretch(movie: Int, media: Int, sampleRate: Int) -> Stretch {
        var (start, end, isWhole) = (Int.max, 0 as Int?, true)
        var expected: Int?
        for edit in edits {
            let first = Ticks.samples(edit.start, per: media, sampleRate: sampleRate)
            let last = edit.duration == 0 ? nil : first + Ticks.samples(edit.duration, per: movie, sampleRate: sampleRate)
            // An edit's length is rounded to the movie's ticks.
            if let expected, !Ticks.areWithinOne(first, expected, per: movie, sampleRate: sampleRate) { isWhole = false }
            expected = last
            start = min(start, first)
            end = if let last, let reached = end { max(reached, last) } else { nil }
        }
        return Stretch(start: start, end: end, isWhole: isWhole)
    }
}
