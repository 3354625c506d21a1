import Audio

/// The cover among a file's pictures: its first front cover, else its first picture, of those within ``Picture/Limit``.
struct PictureChoice {
    /// Bytes of a frame, block or item with a picture and its description; larger ones are not read.
    static let maximumBlock = Picture.Limit.bytes + (1 << 16)
    static let frontCover = 3

    private(set) var best: (picture: Picture, bytes: [UInt8])?
    private var isFront = false

    /// Whether a block of `count` bytes is worth reading.
    func mayTake(_ count: Int) -> Bool { !isFront && count <= Self.maximumBlock }

    mutating func offer(_ bytes: some Collection<UInt8>, type: Int) {
        let fits = bytes.count <= Picture.Limit.bytes
        guard !isFront, best == nil || type == Self.frontCover, fits, let picture = Picture(header: Array(bytes)) else {
            return
        }
        best = (picture, Array(bytes))
        isFront = type == Self.frontCover
    }
}
