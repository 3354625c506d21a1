/// What one ingest of an Original found: what decides bytes, and what was measured.
public struct IngestedTrack: Sendable, Hashable {
    public var map: TrackMap
    public var measures: SoundMeasures

    public init(map: TrackMap, measures: SoundMeasures) {
        self.map = map
        self.measures = measures
    }
}
