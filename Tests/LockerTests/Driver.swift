import Testing

@testable import Locker

/// The databases that a catalogue may be in: every suite about the catalogue runs once with each.
enum Driver: CaseIterable {
    case sqlite

    /// The one that the running test is about.
    @TaskLocal static var current = Driver.sqlite

    func open(_ path: String, onStatement: (@Sendable (String) -> Void)? = nil) throws -> any Database {
        switch self {
        case .sqlite: try SQLiteDatabase(path: path, onStatement: onStatement)
        }
    }
}

/// Runs each test of a suite with every driver.
struct EveryDriver: SuiteTrait, TestTrait, TestScoping {
    var isRecursive: Bool { true }

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable @concurrent () async throws -> Void
    ) async throws {
        for driver in Driver.allCases { try await Driver.$current.withValue(driver) { try await function() } }
    }
}

extension Trait where Self == EveryDriver {
    static var everyDriver: Self { Self() }
}
