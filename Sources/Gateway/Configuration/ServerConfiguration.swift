public import Audio
import CodecProcess
public import Configuration
import Foundation
import NIOCore
package import Streaming

/// All settings of the server, with their defaults. `Config/sweetspot.yaml` documents every key.
public struct ServerConfiguration: Sendable {
    /// How listeners get access.
    public enum Access: Sendable, Hashable {
        /// Every client on a loopback address: one local account, no login.
        case open
        /// One local account behind this bearer token.
        case token(String)
        /// Accounts, each with a login.
        case accounts
    }

    public var access: Access
    public var host: String
    public var port: Int
    /// Proxies whose statements about a request's sender are trusted.
    public var proxies: TrustedProxies
    /// Whether the session's cookie is for TLS only, even if the request did not come by TLS.
    public var cookieIsSecure: Bool
    /// Directory of the server's files.
    public var data: String
    /// Directory to import at start, or nil.
    public var music: String?
    /// HTTP origin of Originals and TrackMaps; nil for the directory under `data`.
    public var originals: String?
    /// Codec worker processes.
    public var workers: Int
    public var cacheMemory: ByteSize
    /// Bytes of chunks kept on disk; 0 keeps none.
    public var cacheDisk: ByteSize
    /// Bytes the cache leaves free on its file system.
    public var cacheDiskFloor: ByteSize
    public var cacheIsPublic: Bool
    /// The rungs offered, among those of the ladders.
    public var renditions: Set<Rendition>
    public var uploadLimit: ByteSize
    /// Bytes that uploads and imports leave free on the data directory's file system; nil for a sixteenth of it, 256 MiB at most.
    public var uploadFloor: ByteSize?
    /// Bytes of stored Originals that are read again each second to find damage; 0 reads none.
    public var scrub: ByteSize
    /// How long the bytes of a deleted track stay on the disk.
    public var deletionGrace: Duration
    /// How long plays and skips are remembered; nil for ever.
    public var historyAge: Duration?
    /// Where accounts may have their plays told.
    public var scrobbling = ScrobbleServices()
    package var scrobblePace = ScrobblePace()
    /// What accounts are offered.
    public var offers = OfferSettings()
    /// Where accounts get another plan.
    public var upgrade = PlanUpgrade()
    /// The sizes and formats that ingest accepts.
    public var ingest: IngestLimits
    /// The limits of accounts.
    public var plans: ConfiguredPlans
    /// Chunks that listeners may wait for before new listeners are refused.
    public var queueLimit: Int
    /// How fast Streams are delivered. Not an option: tests cannot wait for a minute.
    package var pace = Pace()
    /// The minimum speed of request bodies, for documents and for files. Not options, for the same reason.
    package var bodySpeed = BodySpeed.documents
    package var uploadSpeed = BodySpeed.files
    /// Time between two comments on a stream of events. Not an option, for the same reason.
    package var eventInterval = Duration.seconds(15)
    /// The version of the kernel's Landlock; 0 if it has none. Not an option: tests run on kernels that have it.
    package var landlock = landlockVersion()
    /// The version of measures that is current. Not an option: tests raise it.
    package var measuresVersion = SoundMeasures.currentVersion
    /// Connections that are open at once; nil for as many as the limit of open files allows.
    public var connectionLimit: Int?
    /// The worker executable; nil finds it beside this program or by `SWEETSPOT_CODEC`.
    public var codecExecutable: String?

    /// The folder of the web player's files; nil finds it beside this program.
    public var web: String?

    /// Why a configuration cannot be used: a sentence for the person who wrote it.
    public struct Invalid: Error, CustomStringConvertible {
        public let description: String

        static let noCodec = Invalid(
            description: "sweetspot-codec is not beside this program: build it, or name it in SWEETSPOT_CODEC")

        static let noOwner = Invalid(
            description: "--music needs a server with exactly one account: use sweetspot import --account NAME")

        static func noOrigin(_ base: String) -> Invalid {
            Invalid(description: "--originals: \(base) is not an address of an HTTP origin: use http://HOST[:PORT]/PATH")
        }
    }

    public init(access: Access) {
        self.access = access
        host = "127.0.0.1"
        port = 8080
        proxies = TrustedProxies()
        cookieIsSecure = false
        data = "data"
        workers = System.coreCount
        cacheMemory = ByteSize(256 << 20)
        cacheDisk = ByteSize(4 << 30)
        cacheDiskFloor = ByteSize(1 << 30)
        cacheIsPublic = false
        renditions = Set(Rendition.all)
        uploadLimit = ByteSize(2_000_000_000)
        scrub = ByteSize(1_000_000)
        deletionGrace = .seconds(600)
        queueLimit = 1024
        ingest = IngestLimits()
        plans = ConfiguredPlans(reader: nil)
        // Each format is one more parser for untrusted files; if only the owner uploads, the extra ones are acceptable.
        ingest.takesExtraFormats = access == .open
    }

    /// Reads the documented keys from `reader`; missing ones keep their defaults.
    ///
    /// - Throws: ``Invalid`` with the key and its valid values.
    public init(access: Access, reading reader: ConfigReader) throws(Invalid) {
        self.init(access: access)
        host = try Self.text(reader, "listen.host") ?? host
        data = try Self.text(reader, "data") ?? data
        codecExecutable = try Self.text(reader, "codec")
        web = try Self.text(reader, "web")
        port = try Self.number(reader, "listen.port", in: 0...65_535) ?? port
        proxies = TrustedProxies(
            try Self.list(reader, "proxy.trusted").map { text throws(Invalid) in
                guard let range = AddressRange(text) else {
                    throw Invalid(description: "proxy.trusted: \(text) must be an address, or a range such as 10.0.0.0/8")
                }
                return range
            })
        cookieIsSecure = try Self.flag(reader, "cookie.secure") ?? cookieIsSecure
        workers = try Self.number(reader, "workers", in: 1...256) ?? workers
        queueLimit = try Self.number(reader, "limits.queue", in: 1...1_000_000) ?? queueLimit
        connectionLimit = try Self.number(reader, "limits.connections", in: 1...1_000_000)
        cacheMemory = try Self.size(reader, "cache.memory") ?? cacheMemory
        cacheDisk = try Self.size(reader, "cache.disk") ?? cacheDisk
        cacheDiskFloor = try Self.size(reader, "cache.diskFloor") ?? cacheDiskFloor
        uploadLimit = try Self.size(reader, "limits.upload") ?? uploadLimit
        uploadFloor = try Self.size(reader, "limits.diskFloor")
        scrub = try Self.size(reader, "limits.scrub") ?? scrub
        deletionGrace = try Self.duration(reader, "limits.grace", in: 0...(30 * 24 * 3600)).map { .seconds($0) } ?? deletionGrace
        historyAge = try Self.duration(reader, "limits.history", in: (24 * 3600)...(36_500 * 24 * 3600)).map { .seconds($0) }
        try scrobbling.read(reader)
        try offers.read(reader)
        try upgrade.read(reader)
        try ingest.read(reader)
        plans = ConfiguredPlans(reader: reader)
        cacheIsPublic = try Self.flag(reader, "cache.public") ?? cacheIsPublic
        for ladder in Ladder.allCases {
            let key = ConfigKey("renditions.\(ladder.rawValue)")
            let list = reader.stringArray(forKey: key) ?? reader.string(forKey: key).map { [$0] }
            guard let names = list else { continue }
            renditions.subtract(ladder.rungs)
            for name in names {
                guard let rung = Rendition(named: name), rung.ladder == ladder else {
                    let known = ladder.rungs.map(\.name).joined(separator: " ")
                    throw Invalid(description: "renditions.\(ladder.rawValue): \(name) must be one of \(known)")
                }
                renditions.insert(rung)
            }
        }
    }

    static func number(
        _ reader: ConfigReader, _ key: String, in bounds: ClosedRange<Int>
    ) throws(Invalid) -> Int? {
        guard let text = try text(reader, key) else { return nil }
        guard let value = Int(digits: text), bounds.contains(value) else {
            throw Invalid(description: "\(key): \(text) must be between \(bounds.lowerBound) and \(bounds.upperBound)")
        }
        return value
    }

    static func size(_ reader: ConfigReader, _ key: String) throws(Invalid) -> ByteSize? {
        guard let text = try text(reader, key) else { return nil }
        guard let size = ByteSize(text) else {
            throw Invalid(description: "\(key): \(text) must be a size such as 64MiB or 2GB")
        }
        return size
    }

    /// Seconds, from a number with an optional unit: `30d`, `24h`, `90 min`, `3600`.
    static func duration(
        _ reader: ConfigReader, _ key: String, in bounds: ClosedRange<Int>
    ) throws(Invalid) -> Int? {
        guard let text = try Self.text(reader, key) else { return nil }
        let digits = text.utf8.prefix { (0x30...0x39).contains($0) }
        let unit = Substring(text.utf8.dropFirst(digits.count).drop { $0 == 0x20 }).lowercased()
        let factors = ["": 1, "s": 1, "m": 60, "min": 60, "h": 3600, "d": 24 * 3600]
        guard let count = Int(digits: digits), let factor = factors[unit] else {
            throw Invalid(description: "\(key): \(text) must be a duration such as 24h, 90min or 3600")
        }
        let (seconds, overflow) = count.multipliedReportingOverflow(by: factor)
        guard !overflow, bounds.contains(seconds) else {
            throw Invalid(
                description: "\(key): \(text) must be between \(bounds.lowerBound) s and \(bounds.upperBound / 3600) h")
        }
        return seconds
    }

    static func flag(_ reader: ConfigReader, _ key: String) throws(Invalid) -> Bool? {
        guard let text = try text(reader, key) else { return nil }
        let values = ["true": true, "yes": true, "1": true, "false": false, "no": false, "0": false]
        guard let value = values[text.lowercased()] else {
            throw Invalid(description: "\(key): \(text) must be true or false")
        }
        return value
    }

    /// Texts: a list, or one text with commas as the environment has it.
    static func list(_ reader: ConfigReader, _ key: String) throws(Invalid) -> [String] {
        let texts = reader.stringArray(forKey: ConfigKey(key)) ?? reader.string(forKey: ConfigKey(key)).map { [$0] } ?? []
        return texts.flatMap { $0.split(separator: ",") }.map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    }

    /// A single value of any type: YAML and the environment both give its text.
    static func text(_ reader: ConfigReader, _ key: String) throws(Invalid) -> String? {
        if let text = reader.string(forKey: ConfigKey(key)) { return text }
        guard reader.stringArray(forKey: ConfigKey(key)) == nil else {
            throw Invalid(description: "\(key): must be one value, not a list")
        }
        return nil
    }
}

extension ServerConfiguration {
    /// Checks values that depend on each other.
    func validate() throws(Invalid) {
        if access == .open, !isLoopback {
            throw Invalid(description: "--open has no login and listens on loopback only: use --host 127.0.0.1, or --token")
        }
        if case .token(let token) = access, token.isEmpty {
            throw Invalid(description: "--token: the token is empty")
        }
        if music != nil, originals != nil {
            throw Invalid(
                description: "--music imports into this server's own store, which --originals replaces: use one of them")
        }
    }

    private var isLoopback: Bool {
        if ["localhost", "::1"].contains(host) { return true }
        return host.hasPrefix("127.") && (try? SocketAddress(ipAddress: host, port: 0)) != nil
    }
}
