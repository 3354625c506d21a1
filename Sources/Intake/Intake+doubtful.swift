internal import Audio
internal import Locker
internal import Logging
internal import NIOPosix

extension Intake {
    /// Verdicts written in one transaction.
    private static let batch = 500
    private static let signatureVersion = "signature \(SoundSignature.version)"

    /// The files that are worth an ingest. Drops files whose names do not claim sound and whose first bytes are not of
    /// sound. Such a verdict is remembered, so that the file is not read again unless it changes.
    func worthTrying(_ files: [ImportFile], account: Int64, _ passedOver: inout PassedOver) async -> [ImportFile] {
        var worth: [ImportFile] = []
        var verdicts: [ImportRecord] = []
        for file in files {
            guard file.isDoubtful, !Task.isCancelled else {
                worth.append(file)
                continue
            }
            do {
                guard let look = try await threadPool.runIfActive({ file.look() }) else { continue }
                let known = try await catalogue.imported(path: file.path.key, account: account)?.record
                let isKnown = known?.identity == look.identity
                if isKnown, known?.verdict == .passedOver, known?.version == Self.signatureVersion {
                    passedOver.note(.unknown)
                } else if isKnown, known?.verdict != .passedOver {
                    worth.append(file)
                } else if try await threadPool.runIfActive({ try file.isPlausible() }) {
                    worth.append(file)
                } else {
                    passedOver.note(.unknown)
                    verdicts.append(file.record(look, .passedOver, version: Self.signatureVersion))
                }
            } catch {
                // If the file cannot be read, the import refuses it with the reason.
                worth.append(file)
            }
            if verdicts.count == Self.batch { await note(&verdicts, account: account) }
        }
        await note(&verdicts, account: account)
        return worth
    }

    private func note(_ verdicts: inout [ImportRecord], account: Int64) async {
        guard !verdicts.isEmpty else { return }
        do {
            try await catalogue.note(verdicts, account: account)
        } catch {
            logger.warning("files that were passed over are looked at again", metadata: ["error": "\(error)"])
        }
        verdicts = []
    }
}
