import Audio
import FileSystem
import Foundation
import Glibc

/// A picture beside a feed. The feed may come from elsewhere: it names no file outside its folder, and no link leads out of it.
enum OfferPicture {
    /// Bytes of the largest.
    static let largest = 1_000_000
    /// Bytes within which a picture says how large it is; profiles and thumbnails may come before that.
    private static let header = 256 << 10
    private static let formats: Set<Picture.Format> = [.jpeg, .png, .webp]

    /// Whether a name is one of a file in the feed's folder: no path, and no hidden file.
    static func isName(_ name: String) -> Bool {
        (1...100).contains(name.utf8.count) && name.first != "." && !name.hasControlCharacters
            && !name.utf8.contains(UInt8(ascii: "/")) && !name.utf8.contains(UInt8(ascii: "\\"))
    }

    /// The picture's format, by its first bytes. Blocks.
    static func format(of name: String, in folder: String) throws(OfferProblem) -> Picture.Format {
        try read(name, in: folder, header).format
    }

    /// The whole picture. Blocks.
    static func bytes(of name: String, in folder: String) throws(OfferProblem) -> (bytes: [UInt8], format: Picture.Format) {
        try read(name, in: folder, largest)
    }

    private static func read(
        _ name: String, in folder: String, _ count: Int
    ) throws(OfferProblem) -> (bytes: [UInt8], format: Picture.Format) {
        let quoted = OfferProblem.quoted(name)
        guard isName(name) else { throw OfferProblem("picture: \(quoted) must be the name of a file beside the feed") }
        guard let file = try? OpenFile("\(folder)/\(name)", O_RDONLY | O_NONBLOCK | O_NOFOLLOW), let state = try? file.state()
        else {
            throw OfferProblem("picture: \(quoted) cannot be read: it is a link, or not there")
        }
        guard state.isRegular else { throw OfferProblem("picture: \(quoted) is not a file") }
        guard state.size <= largest else {
            throw OfferProblem("picture: \(quoted) has \(state.size) bytes, but may have \(largest)")
        }
        guard let bytes = try? file.read(0..<min(count, state.size)), let picture = Picture(header: bytes),
            formats.contains(picture.format)
        else { throw OfferProblem("picture: \(quoted) must be a JPEG, PNG or WebP picture") }
        return (bytes, picture.format)
    }
}
