/// The words of a text as the search index has them, and as they are looked for.
///
/// Scripts that put no spaces between words are indexed by pairs: every two consecutive signs are a word, and so is the last
/// sign alone. So any part of a text is a phrase of such words, and a single sign begins a word.
/// `Locker.docc/Decisions/Search.md` says why.
struct SearchText: Equatable {
    enum Part: Equatable {
        /// A word of letters and digits.
        case word(String)
        /// Words with only signs between them, and all of them in one: `acdc` and `ac`, `dc`.
        case joined(String, [String])
        /// Signs of a script without spaces; or all signs of a text without letters and digits, as one.
        case run([String])
    }

    private(set) var parts: [Part] = []

    private enum Limit {
        /// Scalars of a text that count; those behind them are not found.
        static let text = 1_000
        /// Scalars of a word that count.
        static let word = 64
        /// Parts of a query that count, and words of a joined part.
        static let sought = 8
        /// Signs of a run of a query that count.
        static let run = 32
    }

    /// The words of a title or a name, with single spaces between them.
    static func indexed(_ text: String) -> String {
        if let plain = plain(text) { return plain }
        var words = ""
        for part in SearchText(text, isQuery: false).parts {
            for word in part.indexed {
                if !words.isEmpty { words += " " }
                words += word
            }
        }
        return words
    }

    /// A shortcut to the same words for short texts that have only letters and digits of ASCII, as most have, with single
    /// spaces. Returns nil for other texts.
    private static func plain(_ text: String) -> String? {
        var last = UInt8(ascii: " ")
        guard text.utf8.count <= Limit.word else { return nil }
        for byte in text.utf8 {
            switch byte {
            case 48...57, 65...90, 97...122: break
            case 32 where last != 32: break
            default: return nil
            }
            last = byte
        }
        return last == 32 && !text.isEmpty ? nil : text.lowercased()
    }

    /// The words of several texts.
    static func indexed(_ texts: [String]) -> String { texts.map(indexed).filter { !$0.isEmpty }.joined(separator: " ") }

    /// The parts of a query; nil if there are none.
    ///
    /// - Parameter isOfLetters: whether a single letter is a query: for that letter as a word. Else it is none, as it begins too
    ///   many words.
    static func query(_ text: String, isOfLetters: Bool = false) -> SearchText? {
        var query = SearchText(text, isQuery: true)
        query.parts = query.parts.prefix(Limit.sought).map { part in
            switch part {
            case .word: part
            case .joined(let whole, let words): .joined(whole, Array(words.prefix(Limit.sought)))
            case .run(let signs): .run(Array(signs.prefix(Limit.run)))
            }
        }
        if query.parts.isEmpty { return nil }
        if !isOfLetters, query.parts.count == 1, case .word(let word) = query.parts[0], word.isOneLetter { return nil }
        return query
    }

    private init(_ text: String, isQuery: Bool) {
        let text = String(text.unicodeScalars.prefix(Limit.text))
        let scalars = FoldedText.scalars(of: text)
        var reader = Reader(isQuery: isQuery)
        for scalar in scalars { reader.read(scalar) }
        parts = reader.finish()
        if parts.isEmpty {
            let signs = scalars.filter(Self.isSign).prefix(Limit.word)
            if !signs.isEmpty { parts = [.run([String(signs.map(Self.indexable))])] }
        }
    }

    /// Moves ASCII's signs to private use, as SQLite's tokenizer splits words at them.
    private static func indexable(_ sign: Unicode.Scalar) -> Unicode.Scalar {
        sign.isASCII ? Unicode.Scalar(0xE000 + sign.value) ?? sign : sign
    }

    private static func isSign(_ scalar: Unicode.Scalar) -> Bool {
        !scalar.properties.isWhitespace && scalar.properties.generalCategory != .control && !FoldedText.isMark(scalar)
    }
}

extension SearchText {
    /// Puts folded scalars into parts.
    private struct Reader {
        let isQuery: Bool
        private var parts: [Part] = []
        /// Words with only signs between them; the last one is still open unless `isWordOver`.
        private var words: [[Unicode.Scalar]] = []
        private var isWordOver = true
        private var run: [[Unicode.Scalar]] = []

        init(isQuery: Bool) { self.isQuery = isQuery }

        mutating func read(_ scalar: Unicode.Scalar) {
            if scalar.isASCII {
                switch scalar.value {
                case 48...57, 97...122: appendToWord(CollectionOfOne(scalar))
                case ...32: endChunk()
                default: isWordOver = true
                }
            } else if FoldedText.isAccent(scalar) {
                return
            } else if let script = UnspacedScript(scalar) {
                endWords()
                appendToRun(FoldedText.hiragana(scalar), of: script)
            } else {
                let properties = scalar.properties
                if properties.isAlphabetic || properties.numericType != nil || (!isWordOver && FoldedText.isMark(scalar)) {
                    if let form = FoldedLetters.sought[scalar] {
                        appendToWord(form.unicodeScalars)
                    } else {
                        appendToWord(CollectionOfOne(scalar))
                    }
                } else if properties.isWhitespace || properties.generalCategory == .control {
                    endChunk()
                } else {
                    isWordOver = true
                }
            }
        }

        mutating func finish() -> [Part] {
            endWords()
            endRun()
            return parts
        }

        /// Ends a word at a space. In an indexed text a run continues across spaces, because writers put them at different
        /// places; in a query each piece is a run.
        private mutating func endChunk() {
            endWords()
            if isQuery { endRun() }
        }

        private mutating func endWords() {
            if words.count == 1 {
                parts.append(.word(String(words[0])))
            } else if words.count > 1 {
                parts.append(.joined(String(words.joined().prefix(Limit.word)), words.map { String($0) }))
            }
            words.removeAll(keepingCapacity: true)
            isWordOver = true
        }

        private mutating func endRun() {
            if !run.isEmpty { parts.append(.run(run.map { String($0) })) }
            run = []
        }

        private mutating func appendToWord(_ letters: some Collection<Unicode.Scalar>) {
            endRun()
            if isWordOver { words.append([]) }
            isWordOver = false
            let last = words.count - 1
            if words[last].count < Limit.word { words[last] += letters }
        }

        private mutating func appendToRun(_ scalar: Unicode.Scalar, of script: UnspacedScript) {
            if let last = run.last, script.continues(scalar, last) {
                run[run.count - 1] = script.sign(last, scalar)
            } else {
                run.append([scalar])
            }
        }
    }
}

extension String {
    fileprivate init(_ scalars: some Sequence<Unicode.Scalar>) {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        self.init(view)
    }
}
