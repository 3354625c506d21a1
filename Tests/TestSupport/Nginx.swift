import Foundation
import Glibc
import Testing

/// A real nginx that serves a folder on a free port of the loopback interface, and logs every request. It answers `/moved/` with 302.
public enum Nginx {
    public struct Line: Sendable {
        /// The number of the connection, counted from the start.
        public let connection: Int
        public let path: String
        public let status: Int
        public let bytes: Int
        /// The value of the `Range` field, `-` without one.
        public let range: String
    }

    public static let executable =
        Program.isFast ? nil : ["/usr/sbin/nginx", "/usr/bin/nginx"].first(where: FileManager.default.isExecutableFile)

    /// Runs nginx over `root` while `body` runs with its base URL, and gives the lines of its access log.
    public static func run(serving root: String, _ body: (String) async throws -> Void) async throws -> [Line] {
        let folder = try TemporaryFolder()
        let (socket, port) = try listeningSocket()
        defer { close(socket) }
        let work = folder.path
        let user = getuid() == 0 ? "user root;" : ""
        let configuration = """
            daemon off; \(user) pid \(work)/pid; error_log \(work)/error.log;
            events { worker_connections 256; }
            http {
                log_format lines '$connection $uri $status $body_bytes_sent $http_range';
                access_log \(work)/access.log lines;
                client_body_temp_path \(work)/body; proxy_temp_path \(work)/proxy; fastcgi_temp_path \(work)/fastcgi;
                uwsgi_temp_path \(work)/uwsgi; scgi_temp_path \(work)/scgi;
                server { listen 127.0.0.1:\(port); root \(root); location /moved/ { return 302 /; } }
            }
            """
        // nginx takes a listening socket over as its descriptor 0, so the port is open before it starts.
        let child = try Child(
            try #require(executable), ["-c", try folder.write(configuration.utf8, to: "nginx.conf"), "-e", work + "/error.log"],
            environment: ["NGINX": "0;"], input: socket, output: work + "/output", errors: work + "/errors")
        let result = await outcome { try await body("http://127.0.0.1:\(port)") }
        // nginx ends when it has answered and logged the requests it has.
        kill(child.identifier, SIGQUIT)
        _ = await child.status
        try result.get()
        return try text(of: work + "/access.log").split(separator: "\n").map { line in
            let words = line.split(separator: " ").map(String.init)
            try #require(words.count == 5)
            return Line(
                connection: try #require(Int(words[0])), path: words[1], status: try #require(Int(words[2])),
                bytes: try #require(Int(words[3])), range: words[4])
        }
    }

    /// A socket that listens on a free port of the loopback interface. The caller closes it.
    public static func listeningSocket() throws -> (socket: Int32, port: UInt16) {
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
