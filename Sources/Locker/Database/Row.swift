/// The columns of the row that a statement stands at, counted from 0: a driver's part of ``Row``.
///
/// Reading a value as another type, or reading NULL, never traps: the driver notes it and throws
/// ``CatalogueError/corrupt(_:)`` once the row's reader returns.
protocol Columns: AnyObject {
    func isNull(at place: Int) -> Bool
    func integer(at place: Int) -> Int64
    func real(at place: Int) -> Double
    func text(at place: Int) -> String
    func bytes(at place: Int) -> [UInt8]
    /// The value, of any type.
    func value(at place: Int) -> SQLValue
}

/// One row of a statement's answer. Its values are read by place, each from the database's own memory: no row is copied.
struct Row {
    let columns: any Columns

    subscript<Value: ColumnValue>(_ place: Int) -> Value { Value(columns, at: place) }
}

/// A type that a column can be read as; an optional if the column may be NULL.
protocol ColumnValue {
    init(_ columns: any Columns, at place: Int)
}

extension Int: ColumnValue {
    init(_ columns: any Columns, at place: Int) { self.init(columns.integer(at: place)) }
}

extension Int64: ColumnValue {
    init(_ columns: any Columns, at place: Int) { self = columns.integer(at: place) }
}

extension Bool: ColumnValue {
    init(_ columns: any Columns, at place: Int) { self = columns.integer(at: place) != 0 }
}

extension Double: ColumnValue {
    init(_ columns: any Columns, at place: Int) { self = columns.real(at: place) }
}

extension String: ColumnValue {
    init(_ columns: any Columns, at place: Int) { self = columns.text(at: place) }
}

extension [UInt8]: ColumnValue {
    init(_ columns: any Columns, at place: Int) { self = columns.bytes(at: place) }
}

extension SQLValue: ColumnValue {
    init(_ columns: any Columns, at place: Int) { self = columns.value(at: place) }
}

extension Optional: ColumnValue where Wrapped: ColumnValue {
    init(_ columns: any Columns, at place: Int) {
        self = columns.isNull(at: place) ? nil : Wrapped(columns, at: place)
    }
}
