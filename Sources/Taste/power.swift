#if canImport(Glibc)
    private import Glibc
#elseif canImport(Darwin)
    private import Darwin
#endif

/// `base` to the power of `exponent`.
func power(_ base: Float, _ exponent: Float) -> Float { powf(base, exponent) }

/// 2 to the power of `exponent`.
func exponential2(_ exponent: Double) -> Double { exp2(exponent) }

/// The share of a normal distribution of mean 0 and deviation 1 that is above a number.
func normalShare(above number: Float) -> Float { 0.5 * erfcf(number / Float(2).squareRoot()) }
