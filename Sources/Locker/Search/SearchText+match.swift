extension SearchText {
    /// 0 for a name that begins with the query, 1 for a name that has it, 2 for any other.
    ///
    /// - Parameter name: as indexed.
    func rank(of name: String) -> Int {
        let words = Array(" \(name) ".utf8)
        guard parts.allSatisfy({ $0.isIn(words) }) else { return 2 }
        return parts.first?.begins(words) == true ? 0 : 1
    }
}

extension SearchText.Part {
    /// The words that the index has for the part.
    var indexed: [String] {
        switch self {
        case .word(let word): [word]
        case .joined(let whole, let words): [whole] + words
        case .run(let signs): pairs(signs) + signs.suffix(1)
        }
    }

    /// - Parameter words: those of a name, with a space before each and after the last.
    fileprivate func isIn(_ words: [UInt8]) -> Bool {
        switch self {
        case .word(let word): words.contains(word.spaced)
        case .joined(let whole, let each): words.contains(whole.spaced) || each.allSatisfy { words.contains($0.spaced) }
        case .run: words.contains(Array(" \(phrase)".utf8))
        }
    }

    fileprivate func begins(_ words: [UInt8]) -> Bool {
        switch self {
        case .word(let word): words.starts(with: word.spaced)
        case .joined(let whole, let each): words.starts(with: whole.spaced) || words.starts(with: each.first?.spaced ?? [])
        case .run: words.starts(with: " \(phrase)".utf8)
        }
    }

    /// The words that a run is in the index. The last may continue there.
    var phrase: String {
        guard case .run(let signs) = self else { return "" }
        return signs.count > 1 ? pairs(signs).joined(separator: " ") : signs.first ?? ""
    }

    private func pairs(_ signs: [String]) -> [String] { zip(signs, signs.dropFirst()).map { $0 + $1 } }
}

extension String {
    var isOneLetter: Bool { unicodeScalars.dropFirst().isEmpty }

    /// The bytes by which a word of a query is found among words with spaces between them: as a beginning, or whole if it is
    /// one letter.
    fileprivate var spaced: [UInt8] { Array((isOneLetter ? " \(self) " : " \(self)").utf8) }
}
