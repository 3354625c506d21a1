import Configuration
import Taste

/// Offers, as the configuration has them.
public struct OfferSettings: Sendable {
    /// The file with them; nil for none.
    public var feed: String?
    /// On how many days of any seven an account is shown one.
    public var perWeek = 3
    /// Where the listeners are: `DE`, `DE-BY`; nil if it is not known.
    public var region: String?
    /// Time between two looks at the feed. Not an option: tests cannot wait for seconds.
    package var pause = Duration.seconds(5)

    public init() {}

    var rules: OfferRules { OfferRules(perWeek: perWeek, region: region) }

    /// - Throws: ``ServerConfiguration/Invalid`` with the key and what it must be.
    mutating func read(_ reader: ConfigReader) throws(ServerConfiguration.Invalid) {
        feed = try ServerConfiguration.text(reader, "offers.feed")
        perWeek = try ServerConfiguration.number(reader, "offers.perWeek", in: 0...7) ?? perWeek
        region = try ServerConfiguration.text(reader, "offers.region")
        if let region, !OfferEntry.isRegion(region) {
            throw ServerConfiguration.Invalid(
                description: "offers.region: \(region) must be a country such as DE, or a part of one such as DE-BY")
        }
    }
}
