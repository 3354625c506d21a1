import Glibc
import TestSupport
import Testing

/// A file and a server that nobody has any business with: it knows whether anybody came near.
final class Canary {
    /// The file's name, in the folder it was made in.
    let name = "canary.wav"
    let path: String
    let port: UInt16
    private let watch: Int32
    private let socket: Int32

    /// Puts the file into `folder`: sound that any player would take.
    init(in folder: TemporaryFolder) throws {
        path = folder.path + "/" + name
        let sound = [UInt8](repeating: 0, count: 8000)
        let format: [UInt8] = [16, 0, 0, 0, 1, 0, 1, 0, 0x40, 0x1F, 0, 0, 0x80, 0x3E, 0, 0, 2, 0, 16, 0]
        let head =
            Array("RIFF".utf8) + [0x64, 0x1F, 0, 0] + Array("WAVEfmt ".utf8) + format + Array("data".utf8) + [0x40, 0x1F, 0, 0]
        try folder.write(head + sound, to: name)
        (socket, port) = try Nginx.listeningSocket()
        watch = inotify_init1(Int32(IN_NONBLOCK))
        try #require(fcntl(socket, F_SETFL, O_NONBLOCK) == 0)
        try #require(inotify_add_watch(watch, path, UInt32(IN_OPEN | IN_ACCESS)) >= 0)
    }

    deinit {
        close(watch)
        close(socket)
    }

    /// Whether the file was opened since it was last asked.
    func wasOpened() -> Bool {
        var events = [UInt8](repeating: 0, count: 4096)
        return read(watch, &events, events.count) > 0
    }

    /// Whether anybody connected since it was last asked.
    func wasCalled() -> Bool {
        let connection = accept(socket, nil, nil)
        guard connection >= 0 else { return false }
        close(connection)
        return true
    }
}
