import Locker
import Taste

extension Decay {
    /// What an account likes, as the catalogue's weights fade.
    static let taste = Decay(days: Double(TasteGain.halfLifeDays))
}
