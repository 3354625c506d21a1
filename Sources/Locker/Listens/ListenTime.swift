/// The times of exports, all of them in UTC.
enum ListenTime {
    private static let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]

    /// Milliseconds since 1970 of seconds or milliseconds since then, of `2026-11-25T20:15:00Z`, `2026-11-25 20:15`, or
    /// `25 Nov 2026, 20:15`. Returns nil for another text.
    static func milliseconds(_ text: String) -> Int? {
        if let number = Int(text) { return number < 100_000_000_000 ? number.multiplied(by: 1000) : number }
        // Numbers that were written as real ones.
        if let number = Double(text), (0..<1e11).contains(number) { return Int((number * 1000).rounded()) }
        guard text.utf8.count <= 40 else { return nil }
        // Behind the hour a sign begins an offset.
        let minutes = text.firstIndex(of: ":") ?? text.endIndex
        let end = text[minutes...].firstIndex { "+-".contains($0) } ?? text.endIndex
        let parts = text[..<end].split { " ,T:-Z+".contains($0) }
        guard 5...6 ~= parts.count, text[end...].dropFirst().allSatisfy({ "0:".contains($0) }) else { return nil }
        let isDayFirst = Int(parts[1]) == nil
        guard let year = Int(parts[isDayFirst ? 2 : 0]), let day = Int(parts[isDayFirst ? 0 : 2]), let hour = Int(parts[3]),
            let minute = Int(parts[4]),
            let month = isDayFirst ? months.firstIndex(of: parts[1].prefix(3).lowercased()).map({ $0 + 1 }) : Int(parts[1])
        else { return nil }
        let second = parts.count > 5 ? Int(parts[5].prefix { $0 != "." }) : 0
        guard let second, 1970...9999 ~= year, let number = CalendarDay.number(year, month, day), 0...23 ~= hour,
            0...59 ~= minute, 0...60 ~= second
        else { return nil }
        return (((number * 24 + hour) * 60 + minute) * 60 + second) * 1000
    }
}

extension Int {
    fileprivate func multiplied(by factor: Int) -> Int? {
        let (product, overflow) = multipliedReportingOverflow(by: factor)
        return overflow ? nil : product
    }
}
