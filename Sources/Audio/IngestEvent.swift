/// The messages of an ingest process to its parent, in this order: that it is ready; any number of progress reports, packet bytes
/// and art bytes, and once among them what was measured; one verdict.
public enum IngestEvent: Sendable, Hashable {
    /// The process is in its sandbox and has not read a byte of the file. `libraries` is the text its map will have as
    /// `TrackMap.libraries`.
    case ready(libraries: String)
    /// Bytes of the file worked through so far, and the milliseconds of sound they held. The deadline is measured by both.
    case progress(bytes: Int, milliseconds: Int)
    /// The next bytes of the packet file. Sent only if the packets are not contiguous in the Original.
    case packetBytes([UInt8])
    /// The next bytes of the cover. Sent only if the map has one; they add up to it.
    case artBytes([UInt8])
    /// What was measured. Once, and only before the file is accepted.
    case measured(SoundMeasures)
    /// The file is accepted. Packet bytes sent before belong to it if `usesPacketFile`, and are void otherwise.
    case accepted(TrackMap)
    case refused(Refusal)
}
