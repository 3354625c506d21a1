import Foundation

extension Date {
    /// As HTTP fields show it (RFC 9110 §5.6.7).
    var httpDate: String { Self.httpFormatter.string(from: self) }

    private static let httpFormatter = {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = .gmt
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        return formatter
    }()
}
