import Audio

extension MP4Movie {
    /// What the packets of the track say of themselves, in samples per channel of the decoded sound.
    struct Media {
        /// What all packets decode to.
        var decoded: Int
        /// Where the last packet's sound ends, by the times of the packets.
        var end: Int
        /// The media time of the first packet.
        var origin = 0
        /// What goes before the sound by the codec's own header.
        var preSkip = 0
        /// Hz.
        var sampleRate: Int
    }

    /// What ``sound(of:)`` found.
    struct Sound: Equatable {
        var range: Range<Int>
        var warnings: [String] = []
    }

    static let staleTag = "The gapless tag (iTunSMPB) is not about this sound; it is not followed"
    static let severalEdits = "The edit list leaves parts of the sound out, or repeats them; all of it is kept, once"
    static let deadEdits = "The edit list names no sound in the file; it is not followed"

    /// Samples per channel before the sound, as far as it can be said before the packets are known.
    func expectedLeadIn(sampleRate: Int, preSkip: Int) -> Int {
        if let edits { return max(preSkip, stretch(edits, sampleRate).start) }
        guard let gapless else { return preSkip }
        let promised = Ticks.samples(mediaDuration, per: mediaTimescale, sampleRate: sampleRate)
        let sum = gapless.priming + gapless.samples + gapless.padding
        let scale = [1, 2].first { abs($0 * sum - promised) <= Self.lastPacket }
        return scale.map { gapless.priming * $0 } ?? (promised == 0 ? gapless.priming : preSkip)
    }

    /// Samples a track may be shorter by than its packets.
    private static let lastPacket = 4096

    /// Whether the times of the packets say how long each lasts: they are as fine as the samples, and the gapless tag does not say
    /// that all of the packets count.
    func saysLengths(at sampleRate: Int, decoded: Int) -> Bool {
        !isFragmented && mediaTimescale > 0 && sampleRate.isMultiple(of: mediaTimescale) && soundByTag(decoded, sampleRate) == nil
    }

    /// The sound by the gapless tag; of a file that was cut off, by what it promised.
    private func soundByTag(_ decoded: Int, _ sampleRate: Int) -> Range<Int>? {
        let promised = Ticks.samples(mediaDuration, per: mediaTimescale, sampleRate: sampleRate)
        guard let range = gapless?.sound(of: decoded) ?? (promised > decoded ? gapless?.sound(of: promised) : nil),
            range.lowerBound < decoded
        else { return nil }
        return range.clamped(to: 0..<decoded)
    }

    /// Which of the decoded samples are the track: by the edit list, by the gapless tag where it is about these packets, else all.
    ///
    /// `Decisions/EditLists.md` has the order of the two.
    func sound(of media: Media) -> Sound {
        var warnings: [String] = []
        var edited: Range<Int>?
        if let edits {
            let stretch = stretch(edits, media.sampleRate)
            let start = max(0, max(stretch.start, media.preSkip) - media.origin)
            let end = end(of: stretch, media)
            if start < end { edited = start..<end }
            if edited == nil { warnings.append(Self.deadEdits) } else if !stretch.isWhole { warnings.append(Self.severalEdits) }
        }
        let tagged = soundByTag(media.decoded, media.sampleRate)
        if gapless != nil, tagged == nil { warnings.append(Self.staleTag) }
        if let tagged, edited.map({ isPart($0, of: tagged, media.sampleRate) }) != true {
            return Sound(range: tagged, warnings: warnings)
        }
        let all = min(max(0, media.preSkip - media.origin), media.end)..<media.end
        return Sound(range: edited ?? all, warnings: warnings)
    }

    private func stretch(_ edits: EditList, _ sampleRate: Int) -> EditList.Stretch {
        edits.stretch(movie: timescale, media: mediaTimescale, sampleRate: sampleRate)
    }

    /// Where the edits end: with the media, where the movie's clock is too coarse to say anything else.
    private func end(of stretch: EditList.Stretch, _ media: Media) -> Int {
        guard let end = stretch.end else { return media.end }
        let known = Ticks.samples(mediaDuration, per: mediaTimescale, sampleRate: media.sampleRate)
        // Some write the edits before they know of the fragments.
        if isFragmented, known > 0, end <= known, known < media.end + media.origin { return media.end }
        let place = min(max(0, end - media.origin), media.end)
        return Ticks.areWithinOne(place, media.end, per: timescale, sampleRate: media.sampleRate) ? media.end : place
    }

    /// Whether the edit list cuts off some of what the tag calls sound, and keeps nothing else: somebody has cut the track since.
    private func isPart(_ edited: Range<Int>, of tagged: Range<Int>, _ sampleRate: Int) -> Bool {
        guard edited.lowerBound >= tagged.lowerBound, edited.upperBound <= tagged.upperBound else { return false }
        return edited.lowerBound > tagged.lowerBound
            || !Ticks.areWithinOne(edited.upperBound, tagged.upperBound, per: timescale, sampleRate: sampleRate)
    }
}
