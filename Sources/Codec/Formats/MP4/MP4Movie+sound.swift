import Audio

extension MP4Movie {
    /// The track's packets in numbers, in samples per channel of the decoded sound.
    struct Media {
        /// The decoded length of all packets.
        var decoded: Int
        /// Where the last packet's sound ends, by the times of the packets.
        var end: Int
        /// The media time of the first packet.
        var origin = 0
        /// Samples before the sound by the codec's header.
        var preSkip = 0
        /// Hz.
        var sampleRate: Int
    }

    /// The result of ``sound(of:)``.
    struct Sound: Equatable {
        var range: Range<Int>
        var warnings: [String] = []
    }

    static let staleTag = "The gapless tag (iTunSMPB) does not fit this sound; it is ignored"
    static let severalEdits = "The edit list leaves parts of the sound out, or repeats them; all of it is kept, once"
    static let deadEdits = "The edit list names no sound in the file; it is ignored"

    /// Samples per channel before the sound, as far as known before the packets are read.
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

    /// Whether the times of the packets state how long each lasts: they are as fine as the samples, and the gapless tag does not
    /// claim that all of each packet counts.
    func saysLengths(at sampleRate: Int, decoded: Int) -> Bool {
        !isFragmented && mediaTimescale > 0 && sampleRate.isMultiple(of: mediaTimescale) && soundByTag(decoded, sampleRate) == nil
    }

    /// The sound by the gapless tag; for a truncated file, by the length the tag promises.
    private func soundByTag(_ decoded: Int, _ sampleRate: Int) -> Range<Int>? {
        let promised = Ticks.samples(mediaDuration, per: mediaTimescale, sampleRate: sampleRate)
        guard let range = gapless?.sound(of: decoded) ?? (promised > decoded ? gapless?.sound(of: promised) : nil),
            range.lowerBound < decoded
        else { return nil }
        return range.clamped(to: 0..<decoded)
    }

    /// The range of the decoded samples that is the track: by the edit list, by the gapless tag if it fits these packets, else
    /// all.
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

    /// Where the edits end: at the media's end if the movie's clock is too coarse to tell them apart.
    private func end(of stretch: EditList.Stretch, _ media: Media) -> Int {
        guard let end = stretch.end else { return media.end }
        let known = Ticks.samples(mediaDuration, per: mediaTimescale, sampleRate: media.sampleRate)
        // Some writers make the edits before they know of the fragments.
        if isFragmented, known > 0, end <= known, known < media.end + media.origin { return media.end }
        let place = min(max(0, end - media.origin), media.end)
        return Ticks.areWithinOne(place, media.end, per: timescale, sampleRate: media.sampleRate) ? media.end : place
    }

    /// Whether the edit list cuts off some of the tag's sound and keeps nothing else: then a later program has cut the track.
    private func isPart(_ edited: Range<Int>, of tagged: Range<Int>, _ sampleRate: Int) -> Bool {
        guard edited.lowerBound >= tagged.lowerBound, edited.upperBound <= tagged.upperBound else { return false }
        return edited.lowerBound > tagged.lowerBound
            || !Ticks.areWithinOne(edited.upperBound, tagged.upperBound, per: timescale, sampleRate: sampleRate)
    }
}
