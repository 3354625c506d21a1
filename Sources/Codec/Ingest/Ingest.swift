public import Audio

/// Ingests a file: recognises it, demuxes and decodes it once, and makes its ``TrackMap`` and its ``SoundMeasures``.
///
/// Meant for a process that does only this: untrusted bytes meet libavformat nowhere else.
public enum Ingest {
    /// Reads the file on `fileDescriptor`, which must be seekable, at any position. Does not close it.
    ///
    /// Emits progress and packet bytes as they come, then what was measured, then exactly one ``IngestEvent/accepted(_:)`` or
    /// ``IngestEvent/refused(_:)``. Costs one decode of the whole file and memory for its packet table.
    public static func run(fileDescriptor: Int32, limits: IngestLimits = IngestLimits(), emit: (IngestEvent) -> Void) {
        guard let file = InputFile(fileDescriptor) else {
            emit(.refused(Refusal(.undecodable, "The file cannot be read")))
            return
        }
        do throws(Refusal) {
            let sound = try SoundFile(file, takingExtra: limits.takesExtraFormats)
            if sound.freeFormat == nil {
                var pass = try IngestPass<Demuxer>(sound, limits)
                emit(.accepted(try pass.run(emit)))
            } else {
                var pass = try IngestPass<ADUReader>(sound, limits)
                emit(.accepted(try pass.run(emit)))
            }
        } catch {
            let refusal = file.hasFailed ? Refusal(.undecodable, "The file cannot be read to its end") : error
            emit(.refused(refusal))
        }
    }
}
