import Audio

extension FileTags {
    private static let pieceBytes = 1 << 16

    /// What the file says, by its own tags, or by the demuxer where we have no reader.
    init(of file: InputFile, _ container: Container, _ metadata: [OpaquePointer?], limit: Int) {
        if let layout = container.tagLayout {
            self = .read(file, layout, limit: limit)
        } else {
            tags = TrackTags(metadata)
        }
    }

    /// Puts tags and art into the map, and hands the art's bytes on.
    func describe(_ map: inout TrackMap, _ emit: (IngestEvent) -> Void) {
        map.tags = tags
        map.art = art?.picture
        var rest = (art?.bytes ?? [])[...]
        while !rest.isEmpty {
            emit(.artBytes(Array(rest.prefix(Self.pieceBytes))))
            rest = rest.dropFirst(Self.pieceBytes)
        }
    }
}
