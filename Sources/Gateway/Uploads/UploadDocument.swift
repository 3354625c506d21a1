import Intake
import Locker

/// The state of an upload.
struct UploadDocument: Encodable {
    var id: String
    var state: String
    /// Bytes that are on the disk, and of the whole file.
    var offset: Int
    var length: Int
    @Nullable var track: String?
    @Nullable var problem: Problem.Body?

    init(_ record: UploadRecord) {
        id = record.id
        offset = record.offset
        length = record.declaration.length
        track = nil
        problem = nil
        switch record.state {
        case .receiving: state = "receiving"
        case .checking: state = "checking"
        case .stored(let track):
            state = "stored"
            self.track = track
        case .refused(let kind, let reason):
            state = "refused"
            problem = Problem(IntakeError(kind: kind, reason: reason)).body
        }
    }
}
