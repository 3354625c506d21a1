import Audio
import HTTPTypes
import Hummingbird
import Streaming

extension NetworkHints {
    /// Milliseconds in a player's buffer below which it needs its next bytes soon.
    private static let lowBuffer = 5000

    /// The hints in a request: `?max=KBPS`, `Save-Data` (RFC 8674) and CMCD.
    init(_ request: Request) {
        self.init()
        maximum = request.uri.queryParameters["max"].flatMap { Int(digits: $0) }
        savesData = HTTPField.Name.saveData.flatMap { request.headers[$0] }?.lowercased().hasPrefix("on") ?? false
        let player = CMCD(request)
        throughput = player.throughput
        isUrgent =
            player.isStarting || player.isStarved || player.bufferLength.map { $0 < Self.lowBuffer } ?? false
            || player.deadline.map { $0 < Self.lowBuffer } ?? false
    }

    /// The fields of a request that may influence the choice, for `Vary`.
    static let fields = "Accept, Save-Data, \(CMCD.fields)"
}

extension ListenerHints {
    /// The player's statements about its buffer.
    init(_ player: CMCD) {
        self.init(
            bufferLength: player.bufferLength.map { .milliseconds($0) }, deadline: player.deadline.map { .milliseconds($0) })
    }
}

extension HTTPField.Name {
    fileprivate static let saveData = Self("Save-Data")
}
