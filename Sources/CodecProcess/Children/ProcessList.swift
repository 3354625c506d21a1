import Synchronization

/// The process numbers of a pool's living workers, readable from any thread.
final class ProcessList: Sendable {
    private let isBusy = Mutex<[Int32: Bool]>([:])

    /// Busy workers first.
    var identifiers: [Int32] {
        isBusy.withLock { list in list.keys.sorted { (list[$0] == true ? 0 : 1, $0) < (list[$1] == true ? 0 : 1, $1) } }
    }

    func update(_ identifier: Int32, isBusy busy: Bool) {
        isBusy.withLock { $0[identifier] = busy }
    }

    func remove(_ identifier: Int32) {
        isBusy.withLock { _ = $0.removeValue(forKey: identifier) }
    }
}
