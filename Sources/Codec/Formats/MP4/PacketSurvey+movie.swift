import Audio

extension PacketSurvey {
    /// Sets both trims, and the lengths of packets that last less than they decode to, by an MP4 file's tables; returns warnings.
    mutating func trim(to movie: MP4Movie, _ times: PacketTimes, endTime: Int?, _ source: SourceFormat) -> [String] {
        let decoded = table.sampleCount
        if movie.saysLengths(at: source.sampleRate, decoded: decoded), let fitted = times.fitted(table) { exchange(fitted) }
        let excess = times.excess(of: table, behind: endTime)
        let found = movie.sound(
            of: MP4Movie.Media(
                decoded: decoded, end: table.sampleCount - excess, origin: times.origin, preSkip: source.opusPreSkip,
                sampleRate: source.sampleRate))
        trim(leadIn: found.range.lowerBound, samples: found.range.count)
        return found.warnings
    }
}
