import Audio

extension SourceFormat {
    /// Samples to drop at the start by the Opus identification header (RFC 7845 §5.1); 0 for other codecs.
    var opusPreSkip: Int {
        guard codec == .opus, extradata.count >= 12 else { return 0 }
        return Int(extradata[10]) | Int(extradata[11]) << 8
    }
}
