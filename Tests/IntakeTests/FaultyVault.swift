import Audio
import Originals
import Synchronization

/// A directory of Originals in which one step, or every step from one on, fails or hangs until it is cancelled.
///
/// The steps are the questions for a size, and of a put and a removal the moments before, between and after their files.
final class FaultyVault: OriginalVault {
    enum Fault: Sendable {
        case failsOnce, fails, hangs
    }

    private struct State {
        var steps = 0
        var fault: (step: Int, Fault)?
        var puts = 0
        var onPut: (@Sendable () async throws -> Void)?
    }

    static let reason = "out of order"

    private let directory: DirectoryOriginals
    /// Whether it is as far away as an object store: no file of it is on this machine.
    private let isRemote: Bool
    private let state = Mutex(State())
    /// Yields when a step hangs.
    let hung: AsyncStream<Void>
    private let isHung: AsyncStream<Void>.Continuation

    init(_ directory: DirectoryOriginals, isRemote: Bool = false) {
        self.directory = directory
        self.isRemote = isRemote
        (hung, isHung) = AsyncStream.makeStream()
    }

    var isReadOnly: Bool { false }

    /// Steps so far.
    var steps: Int { state.withLock { $0.steps } }
    /// Originals and pictures that were put so far.
    var puts: Int { state.withLock { $0.puts } }

    /// From now on the step with this number, from 0, is out of order; nil for none.
    func fail(at step: Int?, _ fault: Fault = .fails) {
        state.withLock { ($0.steps, $0.fault) = (0, step.map { ($0, fault) }) }
    }

    /// Called when a put is done, before its caller knows.
    func afterPut(_ body: (@Sendable () async throws -> Void)?) { state.withLock { $0.onPut = body } }

    private func step() async throws(VaultError) {
        let fault = state.withLock { state -> Fault? in
            defer { state.steps += 1 }
            guard let (step, fault) = state.fault else { return nil }
            return fault == .fails ? (state.steps >= step ? fault : nil) : (state.steps == step ? fault : nil)
        }
        guard let fault else { return }
        if fault == .hangs {
            isHung.yield()
            try? await Task.sleep(for: .seconds(3600))
        }
        throw .unreachable(Self.reason)
    }

    func put(_ parts: [StoredPart: String], of hash: OriginalHash) async throws(VaultError) {
        for part in StoredPart.allCases {
            guard let path = parts[part] else { continue }
            try await step()
            try await directory.put([part: path], of: hash)
        }
        try await step()
        let onPut = state.withLock { state in
            state.puts += 1
            return state.onPut
        }
        try? await onPut?()
    }

    func remove(_ hash: OriginalHash) async throws(VaultError) {
        try await step()
        try await directory.remove(hash)
        try await step()
    }

    func size(of hash: OriginalHash) async throws(OriginalError) -> Int? {
        do throws(VaultError) {
            try await step()
        } catch {
            throw .unreachable(Self.reason)
        }
        return try await directory.size(of: hash)
    }

    func localFile(of hash: OriginalHash) -> String? { isRemote ? nil : directory.localFile(of: hash) }

    func trackMap(of hash: OriginalHash) async throws(OriginalError) -> TrackMap { try await directory.trackMap(of: hash) }

    func read(_ range: Range<Int>, of file: StoredFile, original hash: OriginalHash) async throws(OriginalError) -> [UInt8] {
        try await directory.read(range, of: file, original: hash)
    }
}
