/// Powers of whole numbers with one exponent, the small ones ready.
struct PowerTable {
    private let small: [Float]
    private let exponent: Float

    init(exponent: Float) {
        self.exponent = exponent
        small = (0..<512).map { power(Float(max(1, $0)), exponent) }
    }

    /// `number`, at least 1, to the power of the exponent.
    subscript(number: Int) -> Float {
        number >= 0 && number < small.count ? small[number] : power(Float(max(1, number)), exponent)
    }
}
