import Audio
import Configuration

/// How an account gets another plan, as the configuration has it.
public struct PlanUpgrade: Sendable {
    /// Where it is bought; `{plan}` in it stands for the plan's name. Nil for nowhere.
    public var url: String?
    /// The plans on show, in this order.
    public var plans: [String] = []

    public init() {}

    /// - Throws: ``ServerConfiguration/Invalid`` with the key and what it must be.
    mutating func read(_ reader: ConfigReader) throws(ServerConfiguration.Invalid) {
        url = try ServerConfiguration.text(reader, "upgrade.url")
        if let url, url.utf8.count > 2000 || !WebAddress.isValid(url, isTemplate: true) {
            throw ServerConfiguration.Invalid(
                description: "upgrade.url: \(url.printable) must be an address such as https://HOST/PATH?plan={plan}")
        }
        plans = try ServerConfiguration.list(reader, "upgrade.plans")
    }
}
