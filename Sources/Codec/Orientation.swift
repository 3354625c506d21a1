/// A turn by quarters, and a reflection.
struct Orientation {
    /// Whether rows become columns.
    var isTransposed = false
    /// Whether rows, after that, are read from their end.
    var isMirrored = false
    /// Whether columns are.
    var isFlipped = false

    init() {}

    /// By libavutil's display matrix: where the unit vectors of the picture go.
    init(_ matrix: UnsafePointer<Int32>) {
        let (a, b, c, d) = (matrix[0], matrix[1], matrix[3], matrix[4])
        isTransposed = a == 0 && d == 0
        isMirrored = (isTransposed ? c : a) < 0
        isFlipped = (isTransposed ? b : d) < 0
    }
}
