public import Audio
internal import Glibc

// The child's side: one thread, blocking reads and writes on descriptors 0 and 1, nothing else.

/// Says that the worker is ready, then answers one job after another until the parent closes the pipe, then exits with status 0.
///
/// `render` gets the job, its packets' bytes and a closure to call with the chunk's bytes as they are made. An error it throws is
/// sent back as the reason, unchanged (``WorkerError/failed(_:)``), and the next job is awaited. A malformed or truncated request
/// ends the process with status 70.
public func serveJobs(
    fingerprint: RenderFingerprint, render: (RenderJob, RawSpan, (RawSpan) -> Void) throws -> Void
) -> Never {
    var ready = ByteWriter()
    ready.write(fingerprint.value)
    ready.writeField(fingerprint.libraries)
    unsafe send(.ready, ready.bytes.span.bytes)

    var body: [UInt8] = []
    while let header = readHeader() {
        guard header.kind == .render, header.length <= Message.Limit.job else { exit(70) }
        if body.count < header.length {
            body = []
            body = [UInt8](repeating: 0, count: header.length)
        }
        guard unsafe body.withUnsafeMutableBytes({ unsafe readAll($0, count: header.length) }) else { exit(70) }
        let start = cpuNanoseconds()
        do {
            var reader = ByteReader(body, to: header.length)
            let job = try RenderJob(decoding: try reader.readField(limit: header.length))
            try unsafe render(job, body.span.bytes.extracting(reader.offset..<header.length)) {
                send(.frames, $0, job: header.job)
            }
            var done = ByteWriter()
            done.write(cpuNanoseconds() - start)
            unsafe send(.done, done.bytes.span.bytes, job: header.job)
        } catch {
            let reason = if case WorkerError.failed(let reason) = error { reason } else { "\(error)" }
            unsafe send(.failed, Array(reason.utf8.prefix(Message.Limit.text)).span.bytes, job: header.job)
        }
        // The next job is hardly as large as a high-rate one may be.
        if body.count > 4 << 20 { body = [] }
    }
    exit(0)
}

/// Says that ingest is ready, runs `ingest`, sends on its events in pieces, then exits with status 0.
///
/// `libraries` is the text the map will have as `TrackMap.libraries`.
public func serveIngest(libraries: String, _ ingest: ((IngestEvent) -> Void) -> Void) -> Never {
    func tell(_ event: IngestEvent) {
        let (kind, body) = event.message
        unsafe send(kind, body.span.bytes)
    }
    tell(.ready(libraries: libraries))
    ingest(tell)
    exit(0)
}

/// Says that the process is ready, sends the picture that `make` returns or the reason it throws, then exits with status 0.
public func servePicture(_ make: () throws(Refusal) -> [UInt8]) -> Never {
    send(.ready, RawSpan())
    do throws(Refusal) {
        let picture = try make()
        unsafe send(.artBytes, picture.span.bytes)
        send(.done, RawSpan())
    } catch {
        let (kind, body) = IngestEvent.refused(error).message
        unsafe send(kind, body.span.bytes)
    }
    exit(0)
}

/// Writes a message, splitting frames, packet and art bytes as needed. If the parent is gone, SIGPIPE ends the process.
private func send(_ kind: MessageKind, _ body: borrowing RawSpan, job: UInt64 = 0) {
    let isSplit = [.frames, .packetBytes, .artBytes].contains(kind)
    var start = 0
    repeat {
        let end = isSplit ? min(start + Message.Limit.piece, body.byteCount) : body.byteCount
        write(MessageHeader(kind, length: end - start, job: job), body.extracting(start..<end))
        start = end
    } while start < body.byteCount
}

private func write(_ header: MessageHeader, _ body: borrowing RawSpan) {
    unsafe withUnsafeBytes(of: header.words) { head in
        unsafe body.withUnsafeBytes { body in
            var written = 0
            while written < MessageHeader.byteCount + body.count {
                // One call for both, so that a small message wakes the parent once.
                var parts = unsafe (
                    part(of: head, from: written), part(of: body, from: written - MessageHeader.byteCount)
                )
                let count = unsafe withUnsafeBytes(of: &parts) {
                    unsafe writev(1, $0.assumingMemoryBound(to: iovec.self).baseAddress, 2)
                }
                if count < 0, errno == EINTR { continue }
                guard count >= 0 else { exit(74) }
                written += count
            }
        }
    }
}

private func part(of bytes: UnsafeRawBufferPointer, from start: Int) -> iovec {
    let start = min(max(0, start), bytes.count)
    return unsafe iovec(
        iov_base: UnsafeMutableRawPointer(mutating: bytes.baseAddress?.advanced(by: start)), iov_len: bytes.count - start)
}

/// The next request's header, or nil if the parent has closed the pipe between two.
private func readHeader() -> MessageHeader? {
    var words: (UInt64, UInt64) = (0, 0)
    guard unsafe withUnsafeMutableBytes(of: &words, { unsafe readAll($0, count: MessageHeader.byteCount) }) else { return nil }
    guard let header = MessageHeader(words: (UInt64(littleEndian: words.0), UInt64(littleEndian: words.1))) else { exit(70) }
    return header
}

/// Reads exactly `count` bytes. Returns false if the input ends before the first; exits with status 70 if it ends later.
private func readAll(_ buffer: UnsafeMutableRawBufferPointer, count: Int) -> Bool {
    var filled = 0
    while filled < count {
        let result = unsafe read(0, buffer.baseAddress?.advanced(by: filled), count - filled)
        if result < 0, errno == EINTR { continue }
        guard result > 0 else {
            if filled > 0 || result < 0 { exit(70) }
            return false
        }
        filled += result
    }
    return true
}

/// CPU time of this process so far; `clock` counts microseconds (CLOCKS_PER_SEC is a million by POSIX).
private func cpuNanoseconds() -> UInt64 {
    UInt64(clamping: clock()) * 1000
}

/// Ends the process with a line on standard error, written without the C library's buffers.
public func leave(_ status: Int32, _ line: String) -> Never {
    let bytes = Array((line + "\n").utf8)
    _ = unsafe write(2, bytes, bytes.count)
    exit(status)
}
