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
    /// For people; nil if the operator gave none.
    public var title: String?
    /// As the operator words it; nil if the operator gave none.
    public var price: String?

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
        let (title, price) = (try label(reader, "\(key).title"), try label(reader, "\(key).price"))
        let numbers = [streams, playlists, playlistTracks, history]
        if quota == nil, isLossless == nil, numbers.allSatisfy({ $0 == nil }), best == nil {
            // A title alone takes no limit of the usual plan away.
            guard title != nil || price != nil else { return usual }
            var plan = usual ?? Plan()
            (plan.title, plan.price) = (title, price)
            return plan
        }
        var plan = Plan(quota: quota, isLossless: isLossless ?? true, streams: streams)
        (plan.title, plan.price) = (title, price)
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

extension ConfiguredPlans {
    /// A text that people are shown.
    private func label(_ reader: ConfigReader, _ key: String) throws(ServerConfiguration.Invalid) -> String? {
        guard let text = try ServerConfiguration.text(reader, key) else { return nil }
        guard (1...200).contains(text.utf8.count), !text.hasControlCharacters else {
            throw ServerConfiguration.Invalid(description: "\(key): must be a text of at most 200 bytes, on one line")
        }
        return text
    }
}

extension ServerConfiguration {
    /// What is kept of the history of an account on a plan.
    ///
    /// - Parameter plan: as ``OfferedPlans`` takes it; nil for the account of `--open` and `--token`.
    /// - Returns: how many plays, and how long; nil for no bound.
    public func keptHistory(ofPlan plan: String?) throws(Invalid) -> (plays: Int?, age: Duration?) {
        guard let plan else { return (Plan.unlimited.history, historyAge) }
        let (named, usual) = (try plans.plan(plan), try plans.plan(Plan.usual))
        return ((named ?? usual ?? .free).history, historyAge)
    }
}

/// A plan, with the rungs that the server offers in it.
struct OfferedPlan: Sendable {
    /// Nil if the server has no plans: with `--open` and `--token`.
    var name: String?
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

    /// - Parameters:
    ///   - names: plans that are checked at the start.
    ///   - shown: plans that must be in the configuration.
    init(
        _ configured: ConfiguredPlans, names: Set<String>, shown: [String] = [], renditions: Set<Rendition>
    ) throws(ServerConfiguration.Invalid) {
        self.configured = configured
        self.renditions = renditions
        unlimited = OfferedPlan(terms: .unlimited, offered: renditions)
        let plan = try configured.plan(Plan.usual) ?? .free
        usual = OfferedPlan(name: Plan.usual, terms: plan, offered: plan.rungs(of: renditions))
        for name in names { _ = try configured.plan(name) }
        for name in shown where try configured.plan(name) == nil {
            throw ServerConfiguration.Invalid(description: "upgrade.plans: \(name.printable) is not among plans")
        }
    }

    /// The plan of this name; the usual one if the configuration does not have it.
    func plan(_ name: String) -> OfferedPlan {
        known.withLock { known in
            if let plan = known[name] { return plan }
            let plan =
                ((try? configured.plan(name)) ?? nil).map {
                    OfferedPlan(name: name, terms: $0, offered: $0.rungs(of: renditions))
                } ?? usual
            known[name] = plan
            return plan
        }
    }
}
