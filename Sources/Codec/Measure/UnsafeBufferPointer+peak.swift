extension UnsafeBufferPointer<Float> {
    /// The largest magnitude; 0 if there are no samples. The samples must be numbers.
    ///
    /// Compares integers, whose order is that of magnitudes without the sign bit: a maximum of floats is not vectorised.
    var peak: Float {
        withMemoryRebound(to: UInt32.self) { bits in
            var highest: UInt32 = 0
            for index in 0..<bits.count { highest = Swift.max(highest, bits[index] & 0x7FFF_FFFF) }
            return Float(bitPattern: highest)
        }
    }
}
