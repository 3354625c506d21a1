import Audio

extension FileTags {
    private static let pieceBytes = 1 << 16

    /// The file's tags, by our readers, or by the demuxer for formats without one.
    init(of file: InputFile, _ container: Container, _ metadata: [OpaquePointer?], limit: Int) {
        if let layout = container.tagLayout {
            self = .read(file, layout, limit: limit)
        } else {
            tags = TrackTags(metadata)
        }
    }

    /// Puts tags and art into the map, and emits the art's bytes.
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
