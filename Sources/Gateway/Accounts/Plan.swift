public import Audio
import Configuration
import Locker
import Synchronization

/// The limits of an account: a line of `plans` in the configuration.
public struct Plan: Sendable, Hashable {
    /// Bytes of Originals; nil for no limit.
    public var quota: ByteSize?
    /// The best lossy rung: others with no more kbit/s are offered too, of each ladder. Nil for all that are offered.
    public var best: Rendition?
    /// Whether `flac` rungs are offered. The owner can always get the original.
    public var isLossless = true
    /// Tracks that may be streamed at once; nil for any number.
    public var streams: Int?
    /// Playlists; nil for any number. No quota counts them, so the default is a bound.
    public var playlists: Int? = 1000
    /// Tracks in a playlist.
    public var playlistTracks = Playlist.mostTracks
    /// Plays kept in the history, the latest ones; nil keeps all.
    public var history: Int? = 50_000

    /// The plan of accounts that were given no other.
    static let usual = "free"
    /// Used if the configuration does not name `free`: 2 GB.
    static let free = Plan(quota: ByteSize(2_000_000_000), streams: 3)
    /// The plan of `--open` and `--token`: no limits.
    static let unlimited = {
        var plan = Plan()
        (plan.playlists, plan.history) = (nil, nil)
        return plan
    }()

    public init(quota: ByteSize? = nil, best: Rendition? = nil, isLossless: Bool = true, streams: Int? = nil) {
        self.quota = quota
        self.best = best
        self.isLossless = isLossless
        self.streams = streams
    }

    /// kbit/s of the best lossy rung; nil for any.
    var bestBitrate: Int? { best?.bitrate }

    /// Those of `renditions` that the plan offers.
    func rungs(of renditions: Set<Rendition>) -> Set<Rendition> {
        renditions.filter { rung in rung.ladder == .flac ? isLossless : rung.bitrate <= bestBitrate ?? .max }
    }
}

/// The plans by name, as the configuration has them.
public struct ConfiguredPlans: Sendable, CustomStringConvertible {
    /// Plans that override the configuration.
    var given: [String: Plan] = [:]
    let reader: ConfigReader?

    /// The same for all values: the operator chooses the names of plans, so the configuration is read only when a plan is
    /// needed.
    public var description: String { "plans" }

    /// The plan of this name; values it leaves out are the defaults of ``Plan``. Nil if the configuration does not have it.
    func plan(_ name: String) throws(ServerConfiguration.Invalid) -> Plan? {
        if let plan = given[name] { return plan }
        let usual = name == Plan.usual ? Plan.free : nil
        guard let reader else { return usual }
        let key = "plans.\(name)"
        let quota = try ServerConfiguration.size(reader, "\(key).quota")
        let isLossless = try ServerConfiguration.flag(reader, "\(key).lossless")
        let streams = try ServerConfiguration.number(reader, "\(key).streams", in: 1...1_000_000)
        let best = try ServerConfiguration.text(reader, "\(key).maxRendition")
        let playlists = try ServerConfiguration.number(reader, "\(key).playlists", in: 0...1_000_000)
        let playlistTracks = try ServerConfiguration.number(reader, "\(key).playlistTracks", in: 0...Playlist.mostTracks)
        let history = try ServerConfiguration.number(reader, "\(key).history", in: 0...100_000_000)
        let numbers = [streams, playlists, playlistTracks, history]
        if quota == nil, isLossless == nil, numbers.allSatisfy({ $0 == nil }), best == nil { return usual }
        var plan = Plan(quota: quota, isLossless: isLossless ?? true, streams: streams)
        plan.playlists = playlists ?? plan.playlists
        plan.playlistTracks = playlistTracks ?? plan.playlistTracks
        plan.history = history ?? plan.history
        if let best {
            guard let rung = Rendition(named: best), rung.ladder != .flac else {
                throw ServerConfiguration.Invalid(
                    description: "\(key).maxRendition: \(best) must be a lossy rendition such as mp3-192")
            }
            plan.best = rung
        }
        return plan
    }
}

/// A plan, with the rungs that the server offers in it.
struct OfferedPlan: Sendable {
    var terms = Plan.unlimited
    var offered: Set<Rendition> = []
}

/// The plans of accounts, each read once.
final class OfferedPlans: Sendable {
    private let configured: ConfiguredPlans
    private let renditions: Set<Rendition>
    private let known = Mutex<[String: OfferedPlan]>([:])
    private let usual: OfferedPlan
    /// The plan of `--open` and `--token`.
    let unlimited: OfferedPlan

    /// - Parameter names: plans that are checked at the start.
    init(_ configured: ConfiguredPlans, names: Set<String>, renditions: Set<Rendition>) throws(ServerConfiguration.Invalid) {
        self.configured = configured
        self.renditions = renditions
        unlimited = OfferedPlan(terms: .unlimited, offered: renditions)
        let plan = try configured.plan(Plan.usual) ?? .free
        usual = OfferedPlan(terms: plan, offered: plan.rungs(of: renditions))
        for name in names { _ = try configured.plan(name) }
    }

    /// The plan of this name; the usual one if the configuration does not have it.
    func plan(_ name: String) -> OfferedPlan {
        known.withLock { known in
            if let plan = known[name] { return plan }
            let plan =
                ((try? configured.plan(name)) ?? nil).map { OfferedPlan(terms: $0, offered: $0.rungs(of: renditions)) } ?? usual
            known[name] = plan
            return plan
        }
    }
}
