/// How the frames of one AAC chunk fall into fragments, which a player gets one by one as they are made.
///
/// The first plays for a twentieth of a second or a frame, so that a listener waits for little, and each later one three times as long as all
/// before it, because they play for longer than it takes to make. `Packaging.docc/Decisions/Segments.md` has more.
public struct Fragments: Sendable, Hashable {
    /// Fragments of a whole chunk.
    public static let most = 4

    /// Frames of the chunk.
    public let frames: Int
    private let first: Int

    /// - Parameters:
    ///   - frames: in the chunk.
    ///   - sampleRate: in Hz.
    public init(frames: Int, sampleRate: Int) {
        self.frames = frames
        first = max(1, (sampleRate / 20 + 512) / 1024)
    }

    /// Fragments that the chunk has.
    public var count: Int { (0..<Self.most).first { end(of: $0) == frames }.map { $0 + 1 } ?? Self.most }

    /// The frames of a fragment, counted from the chunk's first.
    public subscript(_ fragment: Int) -> Range<Int> { (fragment == 0 ? 0 : end(of: fragment - 1))..<end(of: fragment) }

    /// Whether a fragment ends with the frame before this one.
    public func ends(afterFrame frame: Int) -> Bool { (0..<Self.most).contains { end(of: $0) == frame } }

    private func end(of fragment: Int) -> Int {
        fragment >= Self.most - 1 ? frames : min(frames, first << (2 * fragment))
    }
}
