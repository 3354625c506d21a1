import Audio

/// The messages of one ingest process so far.
struct IngestConversation: OneShotConversation {
    /// Milliseconds, as long as the longest track ingest can accept; claims of more progress buy no more time.
    private static let longestTrack = 48 * 3_600_000

    let fileBytes: Int
    /// The libraries the process says its map will be made with; nil until it is ready. It has not seen the file before then.
    private(set) var libraries: String?
    private let patience: Duration
    /// Bytes of the file worked through, as the process last claimed.
    private var worked = 0
    private var milliseconds = 0
    private var packetBytes = 0
    private var artBytes = 0
    private var measures: SoundMeasures?
    private(set) var verdict: Result<IngestedTrack, Refusal>?

    /// - Parameter patience: the time the process may take before it has decoded anything.
    init(fileBytes: Int, patience: Duration = .seconds(20)) {
        self.fileBytes = fileBytes
        self.patience = patience
    }

    /// The time the process may have taken by now: its patience and a fifth of the sound it has decoded.
    var deadline: Duration { patience + .milliseconds(milliseconds) / 5 }

    var isReady: Bool { libraries != nil }

    var progress: Int? { worked }

    mutating func hear(_ message: Message) throws -> IngestEvent {
        let event = try IngestEvent(message)
        try hear(event)
        return event
    }

    /// Takes the next event. The first event, and only the first, must say that the process is ready. An accepted map must
    /// follow the measures, describe this file, lie inside it or inside the packet bytes sent, and be made with the
    /// libraries named at first.
    mutating func hear(_ event: IngestEvent) throws(ProtocolViolation) {
        guard verdict == nil else { throw ProtocolViolation() }
        guard let known = libraries else {
            guard case .ready(let libraries) = event else { throw ProtocolViolation() }
            self.libraries = libraries
            return
        }
        switch event {
        case .ready: throw ProtocolViolation()
        case .progress(let bytes, let milliseconds):
            guard (worked...max(worked, fileBytes)).contains(bytes), milliseconds >= self.milliseconds,
                milliseconds <= Self.longestTrack
            else { throw ProtocolViolation() }
            (worked, self.milliseconds) = (bytes, milliseconds)
        case .packetBytes(let bytes):
            packetBytes += bytes.count
            guard packetBytes <= TrackMap.packetFileLimit(originalBytes: fileBytes) else { throw ProtocolViolation() }
        case .artBytes(let bytes):
            artBytes += bytes.count
            guard artBytes <= Picture.Limit.bytes else { throw ProtocolViolation() }
        case .measured(let measures):
            guard self.measures == nil else { throw ProtocolViolation() }
            self.measures = measures
        case .accepted(let map):
            guard let measures, artBytes == map.art?.bytes ?? 0, map.libraries == known else { throw ProtocolViolation() }
            let bytes = map.usesPacketFile ? packetBytes : fileBytes
            guard map.originalBytes == fileBytes, map.packets.endOffset <= bytes else { throw ProtocolViolation() }
            verdict = .success(IngestedTrack(map: map, measures: measures))
        case .refused(let refusal):
            verdict = .failure(refusal)
        }
    }
}
