import Audio
import Testing

/// A rung and a source to make a Stream of.
struct StreamCase: CustomTestStringConvertible {
    let name: String
    let rate: Int
    let channels: Int
    let samples: Int

    var testDescription: String { "\(name) from \(samples) samples, \(channels) channels, \(rate) Hz" }

    func stream(tags: TrackTags = TrackTags()) throws -> MadeStream {
        try MadeStream(name, rate: rate, channels: channels, samples: samples, tags: tags)
    }
}
