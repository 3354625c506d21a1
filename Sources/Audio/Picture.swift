/// A cover as ingest found it. Its bytes travel beside the TrackMap and are stored under their own SHA-256.
public struct Picture: Sendable, Hashable {
    /// Bytes and pixels a picture may have; larger ones are ignored.
    public enum Limit {
        public static let bytes = 8 << 20
        public static let pixels = 25_000_000
        /// Pixels of the longer side that a picture may be scaled to.
        public static let sizes = 1...2048
    }

    public enum Format: String, Sendable, Hashable, CaseIterable {
        case jpeg, png, webp, gif

        public var mediaType: String { "image/\(rawValue)" }
    }

    /// By its first bytes, whatever the tag says.
    public var format: Format
    /// Pixels, by the picture's own header.
    public var width: Int
    public var height: Int
    /// Size in bytes.
    public var bytes: Int

    public init(format: Format, width: Int, height: Int, bytes: Int) {
        self.format = format
        self.width = width
        self.height = height
        self.bytes = bytes
    }
}

extension Picture {
    func write(to writer: inout ByteWriter) {
        writer.writeField(format.rawValue)
        for number in [width, height, bytes] { writer.writeVariable(number) }
    }

    init(from reader: inout ByteReader) throws(ByteReader.Malformed) {
        guard let format = Format(rawValue: try reader.readText(limit: 8)) else { throw reader.malformed }
        self.format = format
        width = try reader.readVariable(limit: Limit.pixels)
        height = try reader.readVariable(limit: Limit.pixels)
        bytes = try reader.readVariable(limit: Limit.bytes)
    }
}
