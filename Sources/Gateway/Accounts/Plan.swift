import Audio
import Configuration
import Locker
import Synchronization

/// What an account may have: a line of `plans` in the configuration.
public struct Plan: Sendable, Hashable {
    /// Bytes of Originals; nil without end.
    public var quota: ByteSize?
    /// kbit/s of the best lossy rung; nil for all that are offered.
    public var bestBitrate: Int?
    /// Whether `flac` rungs are offered. The original is always its owner's.
    public var isLossless = true
    /// Tracks that may be streamed at once; nil for any number.
    public var streams: Int?
    /// Playlists; nil for any number. No quota counts them, so a plan that does not say has a bound.
    public var playlists: Int? = 1000
    /// Tracks in a playlist.
    public var playlistTracks = Playlist.mostTracks
    /// Plays that the history keeps, the latest; nil keeps all.
    public var history: Int? = 50_000

    /// Of an account that was given no other.
    static let usual = "free"
    /// Where the configuration names none: 2 GB for free.
    static let free = Plan(quota: ByteSize(2_000_000_000), streams: 3)
    /// Of `--open` and `--token`: everything is the one owner's.
    static let unlimited = {
        var plan = Plan()
        (plan.playlists, plan.history) = (nil, nil)
        return plan
    }()

    public init(quota: ByteSize? = nil, bestBitrate: Int? = nil, isLossless: Bool = true, streams: Int? = nil) {
        self.quota = quota
        self.bestBitrate = bestBitrate
        self.isLossless = isLossless
        self.streams = streams
    }

    /// Of `renditions`, those that the plan offers.
    func rungs(of renditions: Set<Rendition>) -> Set<Rendition> {
        renditions.filter { rung in rung.ladder == .flac ? isLossless : rung.bitrate <= bestBitrate ?? .max }
    }
}

/// The plans by name, as the configuration has them.
public struct ConfiguredPlans: Sendable, CustomStringConvertible {
    /// These come before what is configured.
    var given: [String: Plan] = [:]
    let reader: ConfigReader?

    /// The same for all: what a configuration says of plans is read where it is needed, since names are the operator's.
    public var description: String { "plans" }

    /// The plan of this name; what it does not say is as ``Plan`` has it. Nil where the configuration has none.
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
                    description: "\(key).maxRendition: \(best) is no lossy rendition such as mp3-192")
            }
            plan.bestBitrate = rung.bitrate
        }
        return plan
    }
}

/// A plan, with the rungs that the server offers in it.
struct OfferedPlan: Sendable {
    var plan = Plan.unlimited
    var offered: Set<Rendition> = []
}

/// The plans accounts have, each read once.
final class OfferedPlans: Sendable {
    private let configured: ConfiguredPlans
    private let renditions: Set<Rendition>
    private let known = Mutex<[String: OfferedPlan]>([:])
    private let usual: OfferedPlan
    /// Of `--open` and `--token`.
    let unlimited: OfferedPlan

    /// - Parameter names: of plans that have to be right at the start.
    init(_ configured: ConfiguredPlans, names: Set<String>, renditions: Set<Rendition>) throws(ServerConfiguration.Invalid) {
        self.configured = configured
        self.renditions = renditions
        unlimited = OfferedPlan(plan: .unlimited, offered: renditions)
        let plan = try configured.plan(Plan.usual) ?? .free
        usual = OfferedPlan(plan: plan, offered: plan.rungs(of: renditions))
        for name in names { _ = try configured.plan(name) }
    }

    /// The plan of this name; one that the configuration does not name is the usual one.
    func plan(_ name: String) -> OfferedPlan {
        known.withLock { known in
            if let plan = known[name] { return plan }
            let plan =
                ((try? configured.plan(name)) ?? nil).map { OfferedPlan(plan: $0, offered: $0.rungs(of: renditions)) } ?? usual
            known[name] = plan
            return plan
        }
    }
}
