extension Report {
    /// The report as CSV (RFC 4180), after a line of comment that says what it is.
    ///
    /// Names that a spreadsheet would take for a formula have an apostrophe before them.
    public var csv: String {
        var text = "# \(summary)\r\nkind,name,by,listeners,plays,before\r\n"
        for kind in ReportKind.allCases {
            for row in self[kind] {
                let fields =
                    [kind.rawValue, Self.quoted(row.name), Self.quoted(row.by ?? ""), "\(row.listeners)"]
                    + [row.plays, row.before].map { $0.map { "\($0)" } ?? "" }
                text += fields.joined(separator: ",") + "\r\n"
            }
        }
        return text
    }

    private static func quoted(_ text: String) -> String {
        let isFormula = text.unicodeScalars.first.map { "=+-@＝＋－＠".unicodeScalars.contains($0) } ?? false
        var quoted = isFormula ? "\"'" : "\""
        for scalar in text.unicodeScalars {
            if scalar == "\"" { quoted += "\"" }
            quoted.unicodeScalars.append(scalar)
        }
        return quoted + "\""
    }

    /// What the report is and what protects who is in it, in some sentences without commas and quotes.
    public var summary: String {
        var sentences = ["Listening in \(month)."]
        if let privacy {
            sentences.append(
                """
                Mode dp: noise of deviation \(privacy.deviation) on the listeners; a row needs \(least) of them \
                with it. For one account: rho \(privacy.rho); epsilon \(privacy.epsilon) at delta \(privacy.delta). \
                For the reports of the year up to this one: rho \(privacy.rhoOfYear); epsilon \(privacy.epsilonOfYear).
                """)
        } else {
            sentences.append(
                """
                Mode k: a row needs \(least) listeners; numbers are rounded and there are no totals. \
                This is not differential privacy.
                """)
        }
        sentences.append("An account counts in some of what it played most. Accounts take part by their own choice.")
        if !note.isEmpty { sentences.append(note) }
        return sentences.joined(separator: " ")
    }
}
