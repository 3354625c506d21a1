/// The extension of an Original's file, by the format that ingest found.
public enum OriginalExtension {
    /// In the order in which they apply. A codec tells files of one container apart.
    static let byFormat: [(container: String, codec: String?, name: String)] = [
        ("mp4", nil, "m4a"), ("adts", nil, "aac"), ("ogg", "opus", "opus"), ("ogg", "speex", "spx"), ("wavpack", nil, "wv"),
        ("musepack", nil, "mpc"), ("asf", nil, "wma"), ("matroska", nil, "mka")
    ]

    /// Other containers are called as their files are.
    public static func of(container: String, codec: String) -> String {
        byFormat.first { $0.container == container && ($0.codec ?? codec) == codec }?.name ?? container
    }
}
