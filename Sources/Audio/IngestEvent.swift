/// What an ingest process tells its parent, in this order: that it is ready; any number of progress reports, packet bytes and art
/// bytes, and among them what was measured; one verdict.
public enum IngestEvent: Sendable, Hashable {
    /// It is in its sandbox and has not read a byte of the file. With the text its map will have as `TrackMap.libraries`.
    case ready(libraries: String)
    /// Bytes of the file worked through so far, and the milliseconds of sound they held: what the deadline is measured by.
    case progress(bytes: Int, milliseconds: Int)
    /// The next bytes of the packet file. Only where the packets are not contiguous in the Original.
    case packetBytes([UInt8])
    /// The next bytes of the cover. Only where the map has one, which they add up to.
    case artBytes([UInt8])
    /// What was measured. Once, and only before the file is accepted.
    case measured(SoundMeasures)
    /// The file is accepted. Packet bytes sent before belong to it if `usesPacketFile`, and are void otherwise.
    case accepted(TrackMap)
    case refused(Refusal)
}
