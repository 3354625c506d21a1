extension Report {
    /// The report as one page without scripts, with a bar for each row. Names are text in it, whatever they contain.
    public var html: String {
        var page = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Listening in \(Self.escaped(month))</title>
            <style>
            \(Self.style)
            </style>
            </head>
            <body>
            <main>
            <h1>Listening in \(Self.escaped(month))</h1>
            <p class="summary">\(Self.escaped(summary))</p>

            """
        for (kind, title) in [
            (ReportKind.artist, "Artists"), (.release, "Releases"), (.genre, "Genres"), (.recording, "Recordings")
        ] where !self[kind].isEmpty {
            page += Self.table(title, self[kind], hasChanges: hasChanges)
        }
        return page + "</main>\n</body>\n</html>\n"
    }

    /// Whether there was a report of the month before: then some row was in it.
    private var hasChanges: Bool { ReportKind.allCases.contains { self[$0].contains { $0.before != nil } } }

    /// The rows with the most listeners first, each bar in proportion to the longest.
    private static func table(_ title: String, _ rows: [Row], hasChanges: Bool) -> String {
        let hasPlays = rows.contains { $0.plays != nil }
        let longest = max(1, rows.map(\.listeners).max() ?? 1)
        var text = "<section>\n<h2>\(title)</h2>\n<table>\n<thead><tr><th scope=\"col\">Name</th><th scope=\"col\">Listeners</th>"
        text += hasPlays ? "<th scope=\"col\">Plays</th>" : ""
        text += (hasChanges ? "<th scope=\"col\">Change</th>" : "") + "</tr></thead>\n<tbody>\n"
        // Rows come by name, and equal ones keep that order.
        for (_, row) in rows.enumerated().sorted(by: { ($1.element.listeners, $0.offset) < ($0.element.listeners, $1.offset) }) {
            let by = row.by.map { "<small><bdi>\(escaped($0))</bdi></small>" } ?? ""
            text += "<tr><th scope=\"row\"><bdi>\(escaped(row.name))</bdi>\(by)\(bar(row.listeners, of: longest))</th>"
            text += "<td>\(row.listeners)</td>"
            if hasPlays { text += "<td>\(row.plays.map { "\($0)" } ?? "")</td>" }
            if hasChanges { text += "<td>\(row.before.map { change(from: $0, to: row.listeners) } ?? "new")</td>" }
            text += "</tr>\n"
        }
        return text + "</tbody>\n</table>\n</section>\n"
    }

    private static func bar(_ value: Int, of longest: Int) -> String {
        // In thousandths.
        let width = max(0, value) * 1000 / longest
        return """
            <svg viewBox="0 0 1000 8" preserveAspectRatio="none" aria-hidden="true">\
            <rect class="rest" width="1000" height="8"/><rect width="\(width)" height="8"/></svg>
            """
    }

    private static func change(from former: Int, to latter: Int) -> String {
        let difference = latter - former
        return difference == 0 ? "±0" : difference > 0 ? "+\(difference)" : "−\(-difference)"
    }

    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    private static let style = """
        :root { color-scheme: light dark; --back: #fff; --text: #1c1c1e; --soft: #5f5f66; --line: #dcdce0; --bar: #2f6fde; }
        @media (prefers-color-scheme: dark) {
          :root { --back: #161618; --text: #ececee; --soft: #a4a4ac; --line: #36363b; --bar: #6d9df0; }
        }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--back); color: var(--text); font: 1rem/1.45 system-ui, sans-serif; }
        main { max-width: 46rem; margin: 0 auto; padding: 1rem; }
        h1 { font-size: 1.4rem; }
        h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
        .summary, small { color: var(--soft); }
        small { display: block; font-weight: normal; }
        table { width: 100%; border-collapse: collapse; }
        th, td { padding: .4rem 0 .4rem .6rem; text-align: right; vertical-align: top; font-variant-numeric: tabular-nums; }
        th { font-weight: 600; }
        thead th { color: var(--soft); font-size: .85rem; border-bottom: 1px solid var(--line); }
        th:first-child { width: 100%; padding-left: 0; text-align: left; overflow-wrap: anywhere; }
        svg { display: block; width: 100%; height: .5rem; margin-top: .25rem; }
        rect { fill: var(--bar); }
        .rest { fill: var(--line); }
        """
}
