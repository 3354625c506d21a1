import Audio
import Logging

/// Passes log messages on as single lines, because paths, names and reasons in them come from untrusted files and clients.
struct OneLineLogHandler: LogHandler {
    private var inner: any LogHandler

    init(_ inner: some LogHandler) { self.inner = inner }

    func log(event: LogEvent) {
        var event = event
        event.message = "\(event.message.description.oneLine)"
        event.metadata = event.metadata.map(Self.oneLine)
        inner.log(event: event)
    }

    subscript(metadataKey key: String) -> Logger.MetadataValue? {
        get { inner[metadataKey: key] }
        set { inner[metadataKey: key] = newValue.map(Self.oneLine) }
    }

    var metadata: Logger.Metadata {
        get { inner.metadata }
        set { inner.metadata = Self.oneLine(newValue) }
    }

    var metadataProvider: Logger.MetadataProvider? {
        get { inner.metadataProvider }
        set { inner.metadataProvider = newValue }
    }

    var logLevel: Logger.Level {
        get { inner.logLevel }
        set { inner.logLevel = newValue }
    }

    private static func oneLine(_ metadata: Logger.Metadata) -> Logger.Metadata { metadata.mapValues(oneLine) }

    private static func oneLine(_ value: Logger.MetadataValue) -> Logger.MetadataValue {
        switch value {
        case .string(let text): .string(text.oneLine)
        case .stringConvertible(let value): .string(value.description.oneLine)
        case .dictionary(let members): .dictionary(oneLine(members))
        case .array(let values): .array(values.map(oneLine))
        @unknown default: .string("\(value)".oneLine)
        }
    }
}
