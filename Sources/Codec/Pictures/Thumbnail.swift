public import Audio
import CFFmpeg

/// A cover made smaller: decoded and encoded by libavcodec, scaled by libswscale.
public enum Thumbnail {
    /// The picture as a JPEG whose longer side has `size` pixels: turned by its EXIF orientation, on white if it is transparent,
    /// the first picture of an animation.
    ///
    /// - Parameter fileDescriptor: the picture, open for reading.
    /// - Throws: if it cannot be decoded or is not larger than `size`.
    public static func make(fileDescriptor: Int32, size: Int) throws(Refusal) -> [UInt8] {
        guard let file = InputFile(fileDescriptor) else { throw Refusal(.undecodable, "the picture cannot be read") }
        let bytes = file.bytes(at: 0, count: min(file.size, Picture.Limit.bytes + 1))
        guard let header = Picture(header: bytes) else {
            throw Refusal(.unsupportedFormat, "this is not a picture of a known format within the limits")
        }
        var picture = try PixelFrame(decoding: bytes, header.format)
        guard max(picture.width, picture.height) > size else { throw Refusal(.undecodable, "the picture is already that small") }
        try picture.coverWithWhite()
        let turn = picture.orientation
        return try picture.scaled(toFit: size).turned(turn).encoded()
    }
}
