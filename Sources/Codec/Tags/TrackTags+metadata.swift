import Audio
import CFFmpeg

extension TrackTags {
    private static let maximumEntries = 4096

    /// The tags in libavformat's dictionaries; the first that has a field wins. For containers without a reader of ours.
    init(_ dictionaries: [OpaquePointer?]) {
        var values = TagValues()
        for dictionary in dictionaries { values.fill(from: Self.values(of: dictionary)) }
        self.init(values)
    }

    private static func values(of dictionary: OpaquePointer?) -> TagValues {
        var values = TagValues()
        var entry: UnsafeMutablePointer<AVDictionaryEntry>?
        for _ in 0..<maximumEntries {
            entry = av_dict_get(dictionary, "", entry, AV_DICT_IGNORE_SUFFIX)
            guard let found = entry?.pointee, let key = found.key, let value = found.value else { break }
            guard let text = String(validatingCString: value) else { continue }
            values.add(name: String(cString: key), .text(text))
        }
        return values.resolved()
    }
}
