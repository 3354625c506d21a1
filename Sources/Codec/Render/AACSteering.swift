import Audio

/// Steers the encoder of one chunk of AAC towards the chunk's size: libavcodec reads the bit rate anew for every frame.
///
/// The encoder is asked for what is left, evenly, and for less still after frames that were too large. `Decisions/AACSize.md` has
/// the reasons for the numbers.
struct AACSteering {
    /// Version of these rules, of what ``AACEncoder`` does with frames that are too large, and of ``SilentAACFrame``: the render
    /// fingerprint covers it.
    static let version: UInt8 = 5
    /// Bytes of a frame without sound at most.
    static let silentBytes = 7
    /// Of a frame's share, what every later frame is sure to have.
    private static let assured = 0.5
    /// Frames by whose share the aim lies below what there is, in a chunk of so many frames.
    private static func reserve(_ frames: Int) -> Double { frames < 100 ? 0.75 : 1.25 }
    /// Frames from which on a chunk has others enough to take bytes from.
    private static let many = 16
    /// The lambda to begin with: near to where libavcodec's rate control settles (`Decisions/AACPreRoll.md`).
    static let lambda = 600
    /// Frames in which libavcodec's psychoacoustic model spends the bits that it has saved before the first one.
    private static let spending = 8
    /// What libavcodec divides lambda by: usually, and where the model begins to spend.
    private static let divisor = (usual: 120, spending: 400)
    /// Of a frame's share, what the encoder is opened with at least. The model empties its reservoir once for each channel.
    private static let leastOpening = (mono: 0.4, stereo: 0.6)

    private let budget: AACBudget
    private let bytes: Int
    private let aim: Double
    /// Frames that are still to come.
    private(set) var missing: Int
    private var used = 0

    /// - Parameter bytes: of the chunk's frames and of what fills them up.
    init(_ budget: AACBudget, frames: Int, bytes: Int) {
        self.budget = budget
        self.bytes = bytes
        missing = frames
        let most = Double(bytes) - Self.reserve(frames) * budget.share
        aim = frames < Self.many ? min(Double(frames) * budget.share, most) : most
    }

    /// Bytes of a frame to open the encoder with. The psychoacoustic model takes them for what a frame has, and begins with a reservoir as
    /// large as the rest of the standard's limit; what frames have beyond them empties it.
    func opening(channels: Int) -> Double {
        let part = budget.share / Double(budget.largestFrame)
        let spending = Double(Self.spending)
        let least = channels == 1 ? Self.leastOpening.mono : Self.leastOpening.stereo
        return budget.share * max(least, (spending * part - 1) / ((spending - 1) * part))
    }

    /// What to divide lambda by in the pre-roll's frame `index`: while the model spends it asks for several times a share, which a
    /// larger divisor makes up for.
    static func divisor(inPreRoll index: Int) -> Int {
        divisor.usual + (divisor.spending - divisor.usual) * max(0, spending - index) / spending
    }

    /// Bytes to ask the encoder for in the next frame.
    var request: Double {
        let even = (aim - Double(used)) / Double(max(1, missing))
        let wanted = even < budget.share ? 2 * even - budget.share : even
        return min(max(wanted, budget.share * 0.1), budget.share * 1.3, Double(budget.largestRequest))
    }

    /// Bytes to ask for in a frame of the pre-roll, after one of `size` bytes: by half of what that lacks or has too much, so that the
    /// rate control has settled where the chunk begins.
    func request(after size: Int) -> Double {
        let share = budget.share
        return min(max(share + (share - Double(size)) / 2, share * 0.7), share * 1.3, Double(budget.largestRequest))
    }

    /// Bytes to ask for if the frame must be small.
    var smallRequest: Double { budget.share * 0.3 }

    /// Whether the next frame may have so many bytes: the standard allows them, and those behind it keep enough.
    func admits(_ size: Int) -> Bool {
        let left = bytes - used - size
        let later = missing - 1
        guard size <= budget.largestFrame, left >= later * Self.silentBytes else { return false }
        let assured = budget.share * Self.assured
        return Double(left) >= Double(later) * assured || Double(size) <= assured
    }

    mutating func keep(_ size: Int) {
        used += size
        missing -= 1
    }
}
