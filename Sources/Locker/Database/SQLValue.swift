internal import Audio

/// A value of a column, as a database has it. Times, booleans and sizes are integers.
enum SQLValue: Sendable, Hashable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case bytes([UInt8])
}

/// A value that a statement takes in place of a `?`.
protocol Bindable: Sendable {
    var bound: SQLValue { get }
}

/// The values of a statement's places, in their order; nil is NULL.
typealias Arguments = [(any Bindable)?]

extension SQLValue: Bindable {
    var bound: SQLValue { self }
}

extension Int: Bindable {
    var bound: SQLValue { .integer(Int64(self)) }
}

extension Int64: Bindable {
    var bound: SQLValue { .integer(self) }
}

extension Bool: Bindable {
    var bound: SQLValue { .integer(self ? 1 : 0) }
}

extension Double: Bindable {
    var bound: SQLValue { .real(self) }
}

extension String: Bindable {
    var bound: SQLValue { .text(self) }
}

extension [UInt8]: Bindable {
    var bound: SQLValue { .bytes(self) }
}

extension OriginalHash: Bindable {
    var bound: SQLValue { .bytes(Array(bytes)) }
}
