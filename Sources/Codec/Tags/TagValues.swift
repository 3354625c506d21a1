import Audio

/// The values of one tag, field by field in the tag's order; or of several tags, the better filling first.
struct TagValues {
    /// Bytes of text kept of a tag; more than any list of fields can use.
    private static let maximumBytes = 16 << 20

    private var bytes = 0
    private var entries: [TagField: (rank: Int, texts: [TagText])] = [:]

    /// Adds a value. Among a field's names, those of the lowest `rank` count.
    mutating func add(_ field: TagField, _ text: TagText, rank: Int = 0) {
        guard text.count > 0, bytes + text.count <= Self.maximumBytes else { return }
        var entry = entries[field] ?? (rank, [])
        guard rank <= entry.rank else { return }
        if rank < entry.rank { entry = (rank, []) }
        // Copies of a value are removed only once both are text, so there is room for some; of texts with lines one is kept.
        guard entry.texts.count < (field.hasLines ? 4 : 4 * TrackTags.maximumValues) else { return }
        bytes += text.count
        entry.texts.append(text)
        entries[field] = entry
    }

    mutating func add(_ field: TagField, _ text: String, rank: Int = 0) {
        add(field, .text(text), rank: rank)
    }

    /// Adds a value by its name; ignores an unknown name. `rank` is added to the name's rank.
    mutating func add(name: String, _ text: TagText, rank: Int = 0) {
        var place = 0
        guard let field = TagField(name: name, rank: &place) else { return }
        add(field, text, rank: rank + place)
    }

    mutating func replace(_ field: TagField, by texts: [String]) {
        entries[field] = (0, texts.prefix(TrackTags.maximumValues).map(TagText.text))
    }

    func has(_ field: TagField) -> Bool { entries[field] != nil }

    /// Takes from `other` the fields that are empty here.
    mutating func fill(from other: Self) {
        for (field, entry) in other.entries where entries[field] == nil { entries[field] = entry }
    }

    /// The same with every text read and cleaned, without copies and empty values. Called once a tag is complete, because the
    /// character set of undeclared text shows only in all fields together.
    func resolved() -> Self {
        let undeclared = entries.values.flatMap(\.texts).compactMap { text in
            if case .undeclared(let bytes) = text { bytes } else { nil }
        }
        let reading = CharsetGuess(undeclared)
        var result = Self()
        for (field, entry) in entries {
            var seen: Set<String> = []
            for text in entry.texts {
                let raw =
                    switch text {
                    case .text(let text): text
                    case .undeclared(let bytes): reading.text(bytes)
                    }
                let clean = CleanText.clean(raw, lines: field.hasLines)
                guard !clean.isEmpty, seen.count < TrackTags.maximumValues, seen.insert(clean).inserted else { continue }
                result.add(field, .text(clean), rank: entry.rank)
            }
        }
        return result
    }

    /// The texts of a field of a resolved tag.
    subscript(field: TagField) -> [String] {
        (entries[field]?.texts ?? []).compactMap { text in
            if case .text(let text) = text { text } else { nil }
        }
    }
}
