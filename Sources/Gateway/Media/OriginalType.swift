/// The media type and file extensions of an Original, by the format that ingest found.
struct OriginalType {
    var mediaType: String
    /// Accepted in URLs; links use the first.
    var fileExtensions: [String]

    init(container: String, codec: String) {
        switch container {
        case "flac": self.init("audio/flac", ["flac"])
        case "mp3": self.init("audio/mpeg", ["mp3"])
        case "wav": self.init("audio/wav", ["wav"])
        case "aiff": self.init("audio/aiff", ["aiff", "aif", "aifc"])
        case "mp4": self.init("audio/mp4", ["m4a", "mp4"])
        case "adts": self.init("audio/aac", ["aac"])
        case "ogg" where codec == "opus": self.init("audio/ogg; codecs=opus", ["opus", "ogg", "oga"])
        case "ogg" where codec == "speex": self.init("audio/ogg; codecs=speex", ["spx", "ogg", "oga"])
        case "ogg": self.init("audio/ogg", ["ogg", "oga"])
        case "wavpack": self.init("audio/x-wavpack", ["wv"])
        case "ape": self.init("audio/x-ape", ["ape"])
        case "tta": self.init("audio/x-tta", ["tta"])
        case "musepack": self.init("audio/x-musepack", ["mpc"])
        case "asf": self.init("audio/x-ms-wma", ["wma", "asf"])
        case "matroska": self.init("audio/x-matroska", ["mka", "mkv", "webm"])
        case "caf": self.init("audio/x-caf", ["caf"])
        default: self.init("application/octet-stream", ["bin"])
        }
    }

    private init(_ mediaType: String, _ fileExtensions: [String]) {
        self.mediaType = mediaType
        self.fileExtensions = fileExtensions
    }
}
