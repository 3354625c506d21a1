/// A rotation by quarter turns, with or without a reflection.
struct Orientation {
    /// Whether rows become columns.
    var isTransposed = false
    /// Whether rows, after that, are read from their end.
    var isMirrored = false
    /// Whether columns are read from their end.
    var isFlipped = false

    init() {}

    /// From libavutil's display matrix: the images of the picture's unit vectors.
    init(_ matrix: UnsafePointer<Int32>) {
        let (a, b, c, d) = (matrix[0], matrix[1], matrix[3], matrix[4])
        isTransposed = a == 0 && d == 0
        isMirrored = (isTransposed ? c : a) < 0
        isFlipped = (isTransposed ? b : d) < 0
    }
}
