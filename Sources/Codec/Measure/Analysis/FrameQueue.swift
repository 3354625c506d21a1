/// Cuts a signal into frames of one length that overlap.
struct FrameQueue: ~Copyable {
    let length: Int
    private let hop: Int
    private let memory: UnsafeMutablePointer<Float>
    private var filled = 0

    /// - Parameter hop: samples from the start of a frame to that of the next; at most `length`.
    init(length: Int, hop: Int) {
        (self.length, self.hop) = (length, hop)
        memory = .allocate(capacity: length)
    }

    deinit { memory.deallocate() }

    /// Takes samples off the front of `samples`. Returns true if a frame is full: see ``frame``; call ``advance()`` before
    /// this again.
    mutating func fill(from samples: inout UnsafeBufferPointer<Float>) -> Bool {
        let count = min(length - filled, samples.count)
        if let base = samples.baseAddress { (memory + filled).update(from: base, count: count) }
        filled += count
        samples = UnsafeBufferPointer(rebasing: samples.dropFirst(count))
        return filled == length
    }

    /// The samples of the full frame.
    var frame: UnsafePointer<Float> { UnsafePointer(memory) }

    mutating func advance() {
        filled = length - hop
        memory.update(from: memory + hop, count: filled)
    }
}
