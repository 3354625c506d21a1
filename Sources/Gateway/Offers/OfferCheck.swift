public import Foundation
import Locker

/// What a server would make of a feed of offers: for the command line.
public struct OfferCheck: Sendable {
    /// One for each offer: its line, id, kind and title, and when it is shown. None if there are problems.
    public let lines: [String]
    /// Sentences, with lines where they are about one.
    public let problems: [String]

    /// Reads a feed and the headers of its pictures. Blocks.
    public init(file: String, now: Date = .now) {
        let today = CalendarDay.containing(Int(now.timeIntervalSince1970) * 1000)
        do throws(RefusedOffers) {
            lines = try OfferFeed(path: file).offers.map { Self.line(of: $0, today) }
            problems = []
        } catch {
            (lines, problems) = ([], error.problems.map(\.description))
        }
    }

    private static func line(of offer: Offer, _ today: Int) -> String {
        let (first, last) = (offer.days.lowerBound, offer.days.upperBound)
        let time =
            if last < today {
                "over since \(CalendarDay.text(last))"
            } else if first > today {
                "from \(CalendarDay.text(first))"
            } else {
                last < Int.max ? "until \(CalendarDay.text(last))" : "now"
            }
        let place = offer.regions.isEmpty ? "" : " in \(offer.regions.joined(separator: ", "))"
        return "line \(offer.line): \(offer.id) (\(offer.kind.rawValue), \(time)\(place)): \(offer.title)"
    }
}
