/// The file as the tag readers see it: every byte they read counts against one budget, so that a file cannot keep them busy.
final class TagInput {
    /// The cost of a read beside its bytes, in bytes: a file of a million tiny boxes must not buy a million calls.
    private static let readCost = 512

    private let file: InputFile
    /// Bytes that may still be read.
    private var budget: Int

    init(_ file: InputFile, limit: Int) {
        self.file = file
        budget = max(0, limit)
    }

    /// Bytes.
    var size: Int { file.size }

    /// The bytes at `offset`, fewer than `count` at the end of the file or of the budget.
    func bytes(at offset: Int, count: Int) -> [UInt8] {
        guard offset >= 0, offset < size else { return [] }
        let bytes = file.bytes(at: offset, count: min(count, budget))
        budget -= min(budget, bytes.count + Self.readCost)
        return bytes
    }

    /// Whether `magic` stands at `offset`.
    func has(_ magic: StaticString, at offset: Int) -> Bool {
        magic.withUTF8Buffer { bytes(at: offset, count: $0.count).elementsEqual($0) }
    }
}
