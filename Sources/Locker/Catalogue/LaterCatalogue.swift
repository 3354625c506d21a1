/// The catalogue was changed by a later version of this program, whose schema this one does not know. It was not touched.
public struct LaterCatalogue: Error, CustomStringConvertible, Equatable {
    /// The database file.
    public let path: String
    /// How many schema changes the catalogue has, and the names of those that this program does not know.
    public let version: Int
    public let unknown: [String]
    /// How many schema changes this program knows, and the name of the last.
    public let knownVersion: Int
    public let lastKnown: String

    public var description: String {
        let names = unknown.map { "\"\($0)\"" }.joined(separator: ", ")
        return """
            the catalogue is of a later version (\(path)): its schema is version \(version) with \(names), and this program knows \
            version \(knownVersion), up to "\(lastKnown)": use the program that changed it, or a copy from before
            """
    }
}
