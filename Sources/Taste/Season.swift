/// A time of the year outside of which some music is unwelcome.
public enum Season: Sendable, Hashable, CaseIterable {
    case christmas
    case halloween
    case easter

    /// The season that words of genres, titles of songs and of albums belong to; nil if none.
    public init?(words: some Sequence<some StringProtocol>) {
        for text in words {
            for word in text.lowercased().split(whereSeparator: { !$0.isLetter }) {
                if let season = Self.seasons[String(word)] {
                    self = season
                    return
                }
            }
        }
        return nil
    }

    /// Whether it is welcome on a day of any year.
    ///
    /// - Parameters:
    ///   - month: 1 to 12.
    ///   - day: of the month, from 1.
    public func includes(month: Int, day: Int) -> Bool {
        switch self {
        case .christmas: month == 12 || month == 11 && day >= 24 || month == 1 && day <= 6
        case .halloween: month == 10 || month == 11 && day <= 2
        case .easter: month == 3 || month == 4
        }
    }

    private static let seasons: [String: Season] = [
        "christmas": .christmas, "xmas": .christmas, "weihnacht": .christmas, "weihnachten": .christmas,
        "weihnachtslieder": .christmas, "noël": .christmas, "navidad": .christmas, "natale": .christmas, "jul": .christmas,
        "halloween": .halloween, "easter": .easter, "ostern": .easter
    ]
}
