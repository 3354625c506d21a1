import Audio
import Packaging

/// A file below `/hls/{track}/{rendition}/`.
enum RenditionPart: Equatable {
    case playlist
    /// `gapless.json`, what a page has to know of the parts that it feeds to Media Source Extensions.
    case description
    case initialisation(Trimming, OutputGain)
    case segment(Int, Trimming)

    /// The part called `name`. Returns nil if no part has that name. A segment's number has no leading zeros and is below
    /// `segments`.
    init?(_ name: String, segments: Int, trimming: Trimming = .byBoxes, gain: OutputGain = .none) {
        switch name {
        case "index.m3u8": self = .playlist
        case "gapless.json": self = .description
        case "init.mp4": self = .initialisation(trimming, gain)
        default:
            guard name.hasSuffix(".m4s"), let number = Int(digits: name.dropLast(4)), (0..<segments).contains(number),
                String(number) == name.dropLast(4)
            else { return nil }
            self = .segment(number, trimming)
        }
    }

    /// The part's entity tag. The playlist represents the rendition, and has its tag.
    func entityTag(ofRendition tag: String) -> String {
        switch self {
        case .playlist: tag
        case .description: EntityTag.part("gapless", ofStream: tag)
        case .initialisation(.byBoxes, _): EntityTag.part("init", ofStream: tag)
        case .initialisation(.byPage, let gain): EntityTag.part("init-gapless\(gain.value)", ofStream: tag)
        case .segment(let number, .byBoxes): EntityTag.part("\(number)", ofStream: tag)
        case .segment(let number, .byPage): EntityTag.part("\(number)-gapless", ofStream: tag)
        }
    }

    var mediaType: String {
        switch self {
        case .playlist: HLSPlaylist.mediaType
        case .description: "application/json"
        case .initialisation, .segment: "audio/mp4"
        }
    }

    var fileExtension: String {
        switch self {
        case .playlist: "m3u8"
        case .description: "json"
        case .initialisation: "mp4"
        case .segment: "m4s"
        }
    }
}
