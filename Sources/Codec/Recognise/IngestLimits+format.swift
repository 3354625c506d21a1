import Audio

extension IngestLimits {
    /// Throws if a format is beyond the limits, or has no rate or channels though it should.
    func check(_ format: SourceFormat, mayBeUnknown: Bool) throws(Refusal) {
        guard format.sampleRate <= min(sampleRate, SourceFormat.Limit.sampleRates.upperBound) else {
            throw Refusal(.tooLarge, "The sample rate of \(format.sampleRate) Hz is beyond \(sampleRate)")
        }
        guard format.channels <= min(channels, SourceFormat.Limit.channels.upperBound) else {
            throw Refusal(.tooLarge, "The sound has \(format.channels) channels; \(channels) are the most")
        }
        guard mayBeUnknown || format.sampleRate > 0 && format.channels > 0 else {
            throw Refusal(.undecodable, "The header gives no sample rate or no channels")
        }
        guard format.extradata.count <= SourceFormat.Limit.extradata else {
            throw Refusal(.tooLarge, "The codec's set-up header is larger than 16 MiB")
        }
    }
}
