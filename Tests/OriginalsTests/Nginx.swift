import Foundation
import Glibc
import Testing

/// A real nginx that serves a folder on a free port of the loopback interface.
final class Nginx {
    static let executable = ["/usr/sbin/nginx", "/usr/bin/nginx"].first { FileManager.default.isExecutableFile(atPath: $0) }

    let base: String
    private let process = Process()
    private let folder: TemporaryFolder

    /// nginx inherits a listening socket as its fd 0, so the port is free and open before it starts.
    init(serving root: String) throws {
        folder = try TemporaryFolder()
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        try withUnsafeMutablePointer(to: &address) { pointer in
            try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                try #require(bind(socket, pointer, length) == 0)
                try #require(listen(socket, 64) == 0)
                try #require(getsockname(socket, pointer, &length) == 0)
            }
        }
        let port = UInt16(bigEndian: address.sin_port)
        base = "http://127.0.0.1:\(port)"

        let work = folder.path
        let user = getuid() == 0 ? "user root;" : ""
        let configuration = """
            daemon off; \(user) pid \(work)/pid; error_log \(work)/error.log;
            events { worker_connections 64; }
            http {
                log_format ranges '$connection $status "$http_range" $body_bytes_sent';
                access_log \(work)/access.log ranges;
                client_body_temp_path \(work)/body; proxy_temp_path \(work)/proxy; fastcgi_temp_path \(work)/fastcgi;
                uwsgi_temp_path \(work)/uwsgi; scgi_temp_path \(work)/scgi;
                server {
                    listen 127.0.0.1:\(port);
                    root \(root);
                    location /moved/ { return 302 /; }
                }
            }
            """
        let file = try folder.write(Array(configuration.utf8), to: "nginx.conf")
        process.executableURL = URL(filePath: try #require(Self.executable))
        process.arguments = ["-c", file, "-e", work + "/error.log"]
        process.environment = ["NGINX": "0;"]
        process.standardInput = FileHandle(fileDescriptor: socket)
        try process.run()
    }

    deinit { if process.isRunning { kill(process.processIdentifier, SIGTERM) } }

    /// Lets requests end, stops, and gives the access log's lines: connection, status, `"Range"`, bytes.
    func stop() throws -> [String] {
        kill(process.processIdentifier, SIGQUIT)
        process.waitUntilExit()
        return try String(contentsOfFile: folder.path + "/access.log", encoding: .utf8).split(separator: "\n").map(String.init)
    }
}
