/// How a decode that starts in the middle of a track compares with one from its start: ingest's verdict on up to eight places.
public struct RandomAccess: Sendable, Hashable {
    /// Packets to decode before the first one wanted, if the codec's rule does not suffice; else 0.
    public var preRoll: Int
    /// The worst place's signal-to-noise ratio in dB against the linear decode; nil if all places are bit-identical.
    public var worst: Double?
    /// Places compared.
    public var places: Int

    public init(preRoll: Int = 0, worst: Double? = nil, places: Int = 0) {
        self.preRoll = preRoll
        self.worst = worst
        self.places = places
    }
}

extension RandomAccess {
    static let maximumPreRoll = 64
    /// Places that are counted at most.
    public static let placesLimit = 64

    func write(to writer: inout ByteWriter) {
        writer.writeVariable(preRoll)
        writer.writeVariable(places)
        writer.write(worst)
    }

    init(from reader: inout ByteReader) throws(ByteReader.Malformed) {
        preRoll = try reader.readVariable(limit: Self.maximumPreRoll)
        places = try reader.readVariable(limit: Self.placesLimit)
        worst = try reader.readNumber()
    }
}
