extension ReportTally {
    /// The cells that may be published without noise: those of enough listeners, without the ones that would tell what a hidden cell
    /// has.
    ///
    /// Where a published cell has one hidden cell of a kind below it, what is left of the broader after all the narrower would be the
    /// hidden one's. So the smallest of the narrower is hidden with it, until no hidden cell is alone.
    func publishable() -> Set<ReportKey> {
        var published = Set(cells.filter { $0.value.listeners >= rules.leastListeners }.keys)
        let parents = published.sorted()
        var isChanging = true
        while isChanging {
            isChanging = false
            for parent in parents where published.contains(parent) {
                let children = Dictionary(grouping: narrower[parent] ?? [], by: \.kind)
                for kind in ReportKind.allCases {
                    let shown = (children[kind] ?? []).filter(published.contains)
                    guard (children[kind]?.count ?? 0) - shown.count == 1, let least = shown.min(by: isSmaller) else { continue }
                    published.remove(least)
                    isChanging = true
                }
            }
        }
        return published
    }

    private func isSmaller(_ one: ReportKey, _ other: ReportKey) -> Bool {
        let (few, many) = (cells[one]?.listeners ?? 0, cells[other]?.listeners ?? 0)
        return few != many ? few < many : one < other
    }
}
