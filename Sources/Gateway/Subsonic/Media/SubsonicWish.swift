import Audio
import Locker
import Packaging

/// The file of a track that a client gets.
enum SubsonicFile: Hashable, Sendable {
    case original
    case rendition(Rendition)
}

/// What a client wants of a track by `format` and `maxBitRate`, and the file that it gets for it.
struct SubsonicWish: Hashable, Sendable {
    /// In lower case; empty if the server is to choose.
    var format = ""
    /// kbit/s that the file must not exceed; nil for no limit.
    var most: Int?

    init(format: String = "", most: Int? = nil) { (self.format, self.most) = (format, most) }

    /// - Throws: 10 if `maxBitRate` is not a number.
    init(_ request: SubsonicRequest) throws(SubsonicError) {
        format = try request.optional("format")?.lowercased() ?? ""
        // Clients send 0 for no limit.
        most = try request.number("maxBitRate").flatMap { $0 > 0 ? $0 : nil }
    }

    /// The file for the track; nil if none is small enough.
    ///
    /// It never exceeds the wish's limit, and a rendition never exceeds a lossy source. `raw` is the original. So is every wish
    /// that the original fulfils: no format, a format that is not known here, or its own, and a limit that it keeps. A format
    /// yields to the limit.
    ///
    /// - Parameters:
    ///   - offered: the rungs of the account's plan.
    ///   - isCut: whether the beginning is left out, which only renditions can do.
    func file(of track: Track, offered: Set<Rendition>, isCut: Bool = false) -> SubsonicFile? {
        let fits = most.map { track.bitrate <= $0 } ?? true
        let keepsOriginal = format == "raw" || fits && (Self.ladder(of: format) == nil || isOwnFormat(of: track))
        if keepsOriginal, !isCut { return .original }
        // Raw has no limit.
        let limit = format == "raw" ? nil : most
        guard let source = track.source else { return keepsOriginal ? .original : nil }
        // A client that does not ask for AAC gets what every client plays.
        let own = source.codec.ladder.flatMap { $0.isProgressive && $0 != .aac ? $0 : nil }
        let wanted = (isOwnFormat(of: track) ? own : nil) ?? Self.ladder(of: format) ?? own
        let ladders = ([wanted] + [own, .mp3, .opus]).compactMap(\.self)
        for ladder in ladders {
            let rungs = source.rungs(of: ladder, bitrate: track.bitrate, among: offered, inSegments: false)
            let most = min(limit ?? .max, source.codec.isLossless ? .max : max(1, track.bitrate))
            if let rung = rungs.last(where: { $0.bitrate <= most }) { return .rendition(rung) }
        }
        guard isCut else { return fits ? .original : nil }
        // Of an original below the lowest rung, that rung alone can begin anywhere.
        let lowest = ladders.compactMap {
            source.rungs(of: $0, bitrate: track.bitrate, among: offered, inSegments: false).first
        }.first { $0.bitrate <= limit ?? .max }
        return lowest.map(SubsonicFile.rendition)
    }

    private func isOwnFormat(of track: Track) -> Bool {
        let type = OriginalType(container: track.container, codec: track.codec)
        return type.fileExtensions.contains(format) || track.codec == format
    }

    /// The ladder that a format's name stands for; nil if it stands for none that is served as one file.
    private static func ladder(of format: String) -> Ladder? {
        switch format {
        case "mp3": .mp3
        case "opus", "ogg", "oga": .opus
        case "aac", "m4a", "mp4": .aac
        default: nil
        }
    }
}
