/// What the catalogue refuses. A failing database throws its own errors.
public enum CatalogueError: Error, Sendable, Equatable {
    /// Not the `next` of a page of this sort.
    case badCursor
    /// A stored value is not what the schema promises.
    case corrupt(String)
}
