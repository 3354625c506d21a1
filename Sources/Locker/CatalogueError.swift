/// What the catalogue refuses. A failing database throws its own errors.
public enum CatalogueError: Error, Sendable, Equatable {
    /// Not the `next` of a page of this sort.
    case badCursor
    /// The Original has a cover of which only the description is known: it has to be looked at again.
    case unknownArt
    /// A stored value is not what the schema promises.
    case corrupt(String)
}
