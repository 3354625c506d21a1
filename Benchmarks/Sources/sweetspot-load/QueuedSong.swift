/// A song that a phone plays or is going to play, and what it has of its file.
struct QueuedSong: Sendable {
    let song: Song
    let path: String
    /// Tells it from the same song at another place of the queue.
    let number: Int
    /// Bytes of the file; nil before the first answer.
    var total: Int?
    /// The bytes that are there, without a gap. A seek begins another stretch.
    var first = 0
    var end = 0
    /// Bytes that came in all.
    var fetched = 0

    init(_ song: Song, path: String, number: Int) { (self.song, self.path, self.number) = (song, path, number) }

    var isWhole: Bool { end == total }

    /// Seconds of the song that end at a byte.
    func seconds(upTo byte: Int) -> Double { total.map { song.duration * Double(byte) / Double(max(1, $0)) } ?? 0 }

    func byte(at seconds: Double) -> Int { total.map { min(Int(Double($0) * seconds / song.duration), $0) } ?? 0 }

    var bytesPerSecond: Double { Double(total ?? 0) / song.duration }
}
