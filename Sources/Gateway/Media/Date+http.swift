import Foundation

extension Date {
    /// The date in the form of HTTP fields (RFC 9110 §5.6.7).
    var httpDate: String { Self.httpFormatter.string(from: self) }

    private static let httpFormatter = {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = .gmt
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        return formatter
    }()
}
