extension Catalogue {
    /// Checks the playlists that rules ask for: the account has them, none is in itself, and neither their depth nor their
    /// conditions are too many, in this playlist or in one that asks for it.
    ///
    /// - Throws: ``SmartFault``.
    static func requireSound(_ rules: SmartRules, of id: String, account: Int64, _ db: any Connection) throws {
        var known: [String: SmartRules] = [:]
        try db.rows("SELECT id, rules FROM playlist WHERE account = ? AND rules IS NOT NULL", [account]) { row in
            known[row[0]] = try SmartRules(stored: row[1])
            return true
        }
        for asked in Set(rules.playlists) where asked != id && known[asked] == nil {
            guard try playlist(id: asked, account: account, db) != nil else {
                throw SmartFault(place: rules.place(of: asked), reason: "no playlist has the id \(asked)")
            }
        }
        known[id] = rules
        try SmartFamily(known).check(changed: id)
    }
}

/// The smart playlists of an account, with their rules, and how they ask for each other.
struct SmartFamily {
    private let members: [String: SmartRules]

    init(_ members: [String: SmartRules]) { self.members = members }

    private struct Weight {
        /// Playlists inside of each other, this one counted.
        var depth: Int
        /// With those of the playlists that are asked for.
        var conditions: Int
    }

    /// - Parameter id: the one that was changed; without the change all was well.
    /// - Throws: ``SmartFault`` at the place of the change.
    func check(changed id: String) throws(SmartFault) {
        guard let rules = members[id] else { return }
        for asked in rules.playlists where asked == id || reaches(id, from: asked) {
            throw SmartFault(place: rules.place(of: asked), reason: "a playlist must not be made of itself")
        }
        var weights: [String: Weight] = [:]
        for member in members.keys.sorted() where member == id || reaches(id, from: member) {
            let weight = weigh(member, &weights)
            let place = rules.playlists.first.map(rules.place(of:)) ?? "rules"
            guard weight.depth <= SmartRules.mostNested else {
                throw SmartFault(
                    place: place, reason: "more than \(SmartRules.mostNested) smart playlists would be made of each other")
            }
            guard weight.conditions <= SmartRules.mostEvaluated else {
                throw SmartFault(
                    place: place,
                    reason: "more than \(SmartRules.mostEvaluated) conditions, with those of the playlists that are asked for")
            }
        }
    }

    private func reaches(_ id: String, from start: String) -> Bool {
        var (seen, waiting) = (Set<String>(), [start])
        while let next = waiting.popLast() {
            for asked in members[next]?.playlists ?? [] where seen.insert(asked).inserted {
                if asked == id { return true }
                waiting.append(asked)
            }
        }
        return false
    }

    /// No member is made of itself.
    private func weigh(_ id: String, _ weights: inout [String: Weight]) -> Weight {
        if let known = weights[id] { return known }
        guard let rules = members[id] else { return Weight(depth: 0, conditions: 0) }
        var weight = Weight(depth: 0, conditions: rules.tests.count)
        for asked in rules.playlists {
            let inner = weigh(asked, &weights)
            weight.depth = max(weight.depth, inner.depth)
            weight.conditions = min(weight.conditions + inner.conditions, SmartRules.mostEvaluated + 1)
        }
        weight.depth += 1
        weights[id] = weight
        return weight
    }
}

extension SmartRules {
    /// The place of the first condition that asks for a playlist.
    func place(of playlist: String) -> String { condition.place(of: .playlist(playlist)) ?? "rules" }
}

extension SmartRules.Expression {
    /// The place of the first test with this value, as ``SmartFault/place`` has it; nil if there is none.
    fileprivate func place(of value: SmartRules.Value) -> String? {
        let (name, parts) =
            switch self {
            case .all(let parts): ("all", parts)
            case .any(let parts): ("any", parts)
            case .test: ("", [SmartRules.Expression]())
            }
        for (number, part) in parts.enumerated() {
            if case .test(let test) = part {
                if test.value == value { return "\(name)[\(number)]" }
            } else if let inner = part.place(of: value) {
                return "\(name)[\(number)].\(inner)"
            }
        }
        return nil
    }
}
