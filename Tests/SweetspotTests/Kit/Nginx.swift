import Foundation
import Glibc
import Testing

/// A real nginx that serves a folder on a free port of the loopback interface, and logs what it is asked for.
enum Nginx {
    struct Line {
        let path: String
        let status: Int
        let bytes: Int
    }

    static let executable = ["/usr/sbin/nginx", "/usr/bin/nginx"].first(where: FileManager.default.isExecutableFile)

    /// Runs nginx over `root` while `body` runs with its base URL, and gives the lines of its access log.
    static func run(serving root: String, _ body: (String) async throws -> Void) async throws -> [Line] {
        let folder = try TemporaryFolder()
        let (socket, port) = try listeningSocket()
        defer { close(socket) }
        let work = folder.path
        let user = getuid() == 0 ? "user root;" : ""
        let configuration = """
            daemon off; \(user) pid \(work)/pid; error_log \(work)/error.log;
            events { worker_connections 256; }
            http {
                log_format lines '$uri $status $body_bytes_sent';
                access_log \(work)/access.log lines;
                client_body_temp_path \(work)/body; proxy_temp_path \(work)/proxy; fastcgi_temp_path \(work)/fastcgi;
                uwsgi_temp_path \(work)/uwsgi; scgi_temp_path \(work)/scgi;
                server { listen 127.0.0.1:\(port); root \(root); }
            }
            """
        // nginx takes a listening socket over as its descriptor 0, so the port is open before it starts.
        let child = try Child(
            try #require(executable), ["-c", try folder.write(configuration.utf8, to: "nginx.conf"), "-e", work + "/error.log"],
            environment: ["NGINX": "0;"], input: socket, output: work + "/output", errors: work + "/errors")
        let result = await outcome { try await body("http://127.0.0.1:\(port)") }
        // It ends when the requests it has are answered and logged.
        kill(child.identifier, SIGQUIT)
        _ = await child.status
        try result.get()
        return try text(of: work + "/access.log").split(separator: "\n").map { line in
            let words = line.split(separator: " ")
            try #require(words.count == 3)
            return Line(path: String(words[0]), status: try #require(Int(words[1])), bytes: try #require(Int(words[2])))
        }
    }

    static func listeningSocket() throws -> (socket: Int32, port: UInt16) {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        try withUnsafeMutablePointer(to: &address) { pointer in
            try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                try #require(bind(socket, pointer, length) == 0 && listen(socket, 64) == 0)
                try #require(getsockname(socket, pointer, &length) == 0)
            }
        }
        return (socket, UInt16(bigEndian: address.sin_port))
    }
}
