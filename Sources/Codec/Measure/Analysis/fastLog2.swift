/// The binary logarithm of a normal, positive number, to 2e-5: one polynomial of degree 5, which becomes vector code, where
/// libm's function is a call for each number. It is the same on every machine.
@inline(__always)
func fastLog2(_ value: Float) -> Float {
    let bits = value.bitPattern
    let exponent = Float(Int32(truncatingIfNeeded: bits &>> 23) &- 127)
    let t = Float(bitPattern: (bits & 0x007F_FFFF) | 0x3F80_0000) - 1
    let correction = 0.441_916_94 + t * (-0.267_178_69 + t * (0.148_425_25 + t * -0.045_148_25))
    return exponent + t + t * (1 - t) * correction
}
