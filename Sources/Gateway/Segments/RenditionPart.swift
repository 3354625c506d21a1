import Audio
import Packaging

/// A file below `/hls/{track}/{rendition}/`.
enum RenditionPart: Equatable {
    case playlist
    case initialisation
    case segment(Int)

    /// The part called `name`. Returns nil if no part has that name. A segment's number has no leading zeros and is below
    /// `segments`.
    init?(_ name: String, segments: Int) {
        switch name {
        case "index.m3u8": self = .playlist
        case "init.mp4": self = .initialisation
        default:
            guard name.hasSuffix(".m4s"), let number = Int(digits: name.dropLast(4)), (0..<segments).contains(number),
                String(number) == name.dropLast(4)
            else { return nil }
            self = .segment(number)
        }
    }

    /// The part's entity tag. The playlist represents the rendition, and has its tag.
    func entityTag(ofRendition tag: String) -> String {
        switch self {
        case .playlist: tag
        case .initialisation: EntityTag.part("init", ofStream: tag)
        case .segment(let number): EntityTag.part("\(number)", ofStream: tag)
        }
    }

    var mediaType: String { self == .playlist ? HLSPlaylist.mediaType : "audio/mp4" }

    var fileExtension: String {
        switch self {
        case .playlist: "m3u8"
        case .initialisation: "mp4"
        case .segment: "m4s"
        }
    }
}
