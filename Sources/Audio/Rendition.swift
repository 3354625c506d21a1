/// A rung of a ladder: codec, bitrate and what follows from them.
///
/// The list is closed: ``init(named:)`` knows exactly the rungs of every ``Ladder``.
public struct Rendition: Sendable, Hashable {
    public let ladder: Ladder
    /// Bitrate in kbit/s; 0 if it depends on the source.
    public let bitrate: Int

    init(ladder: Ladder, bitrate: Int) {
        self.ladder = ladder
        self.bitrate = bitrate
    }

    /// The rung with this name (`mp3-128`, `opus-64`); nil if there is none.
    public init?(named name: String) {
        guard let rung = Self.all.first(where: { $0.name == name }) else { return nil }
        self = rung
    }

    /// Every rung of every ladder.
    public static let all: [Rendition] = Ladder.allCases.flatMap(\.rungs)

    /// The rung's name in URLs and configuration: `mp3-128`, `flac`.
    public var name: String { ladder == .flac ? ladder.rawValue : "\(ladder.rawValue)-\(bitrate)" }

    /// Whether the rung is mono whatever the source is.
    public var isMono: Bool {
        switch ladder {
        case .mp3: bitrate <= 48
        case .opus: bitrate <= 24
        case .aac: bitrate <= 32
        case .flac: false
        }
    }

    /// The rung's own sample rate in Hz, used if the source reaches it; nil if the rung follows the source.
    ///
    /// LAME's own choice at these bitrates, and better by ViSQOL.
    var ownSampleRate: Int? {
        switch (ladder, bitrate) {
        case (.mp3, ...64): 24_000
        case (.mp3, 96): 32_000
        case (.mp3, _): nil
        case (.opus, _): 48_000
        case (.aac, _), (.flac, _): nil
        }
    }
}
