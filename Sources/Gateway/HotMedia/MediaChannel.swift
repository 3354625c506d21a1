import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTPTypes
import NIOHTTPTypesHTTP1

/// Hummingbird's HTTP/1.1 connection with a ``HotMediaHandler`` and a ``ConnectionHandler`` before it, and a ``ClientWatch``
/// within.
struct MediaChannel: ServerChildChannel {
    let http: HTTP1Channel
    let media: HotMedia
    let connections: OpenConnections
    let bodySpeed: BodySpeed

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<HTTP1Channel.Value> {
        http.setup(channel: channel, logger: logger).flatMapThrowing { value in
            let pipeline = channel.pipeline.syncOperations
            let codec = try pipeline.handler(type: HTTP1ToHTTPServerCodec.self)
            let connection = connections.open(channel)
            try pipeline.addHandler(HotMediaHandler(media, connection), position: .before(codec))
            try pipeline.addHandler(ConnectionHandler(), position: .before(codec))
            try pipeline.addHandler(ClientWatch(bodySpeed, connection), position: .after(codec))
            return value
        }
    }

    func handle(value: HTTP1Channel.Value, logger: Logger) async {
        await http.handle(value: value, logger: logger)
    }
}
