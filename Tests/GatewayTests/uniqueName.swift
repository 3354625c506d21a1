import Synchronization

private enum UniqueNames {
    static let count = Mutex(0)
}

/// `name` with a number that no other name has: the accounts of a suite's server stay from test to test.
func uniqueName(_ name: String) -> String {
    let number = UniqueNames.count.withLock { count in
        count += 1
        return count
    }
    return "\(name)-\(number)"
}
