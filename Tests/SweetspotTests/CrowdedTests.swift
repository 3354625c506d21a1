import Foundation
import Glibc
import TestSupport
import Testing

extension EndToEnd {
    @Suite("More connections than there are descriptors for", .tags(.http, .slow), .timeLimit(.minutes(10)))
    struct CrowdedTests {
        @Test("Idle connections are closed: the server answers, no core is busy, and the log says so (it was dead and silent)")
        func idle() async throws {
            try await Server.run(descriptors: 200) { server in
                let crowd = try Crowd(300, port: server.port)
                #expect(try await server.secondsToHealth() < 20)
                #expect(try await server.busyness() < 0.3)
                #expect(server.log.contains(" warning ") && server.log.contains("idle ones are closed"), "\(server.log)")
                let open = try await server.client.metric("sweetspot_connections")
                #expect(open > 0 && open < 120)
                #expect(try await server.client.metric("sweetspot_connections_shed_total") > 0)
                // Said once, not for every connection.
                #expect(server.log.components(separatedBy: "idle ones are closed").count == 2)
                crowd.close()
            }
        }

        @Test("Connections that keep requests waiting give way after a while")
        func held() async throws {
            try await Server.run(descriptors: 200) { server in
                let crowd = try Crowd(100, port: server.port) { port in
                    "PUT /api/v1/queue HTTP/1.1\r\nHost: localhost:\(port)\r\nContent-Length: 500\r\n\r\n{"
                }
                // After 5 s the first give way.
                #expect(try await server.secondsToHealth() < 20)
                #expect(try await server.busyness() < 0.3)
                crowd.close()
            }
        }

        @Test("A failing accept keeps no core busy, and is tried again")
        func noDescriptors() async throws {
            try await Server.run { server in
                #expect(try await server.client.get("/healthz").status == 200)
                // As many as it has: whatever the limit of connections is, the next accept(2) finds none.
                let used = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(server.process.identifier)/fd").count
                try await server.limitDescriptors(used)
                let crowd = try Crowd(20, port: server.port)
                let hasWarned = try await eventually(within: .seconds(60)) { server.log.contains("cannot be accepted") }
                #expect(hasWarned, "\(server.log)")
                #expect(try await server.busyness() < 0.3)
                try await server.limitDescriptors(10_000)
                #expect(try await server.secondsToHealth() < 20)
                crowd.close()
            }
        }
    }
}

/// Connections that a server is left alone with.
private final class Crowd {
    private var sockets: [Int32] = []

    /// - Parameter words: what each says.
    init(_ count: Int, port: Int, _ words: (Int) -> String = { _ in "" }) throws {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        for _ in 0..<count {
            let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue), 0)
            try #require(socket >= 0)
            sockets.append(socket)
            _ = withUnsafePointer(to: address) { address in
                address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            // On loopback a connection is made at once; the server may close it as soon.
            let bytes = Array(words(port).utf8)
            if !bytes.isEmpty { _ = Glibc.send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL)) }
        }
    }

    func close() {
        for socket in sockets { _ = Glibc.close(socket) }
        sockets = []
    }

    deinit { close() }
}

extension Server {
    fileprivate var port: Int { URL(string: client.base)?.port ?? 0 }

    /// How long `/healthz` takes on a connection of its own.
    fileprivate func secondsToHealth() async throws -> Double {
        let start = ContinuousClock.now
        let probe = Client(base: client.base)
        let answer = await outcome { try await probe.get("/healthz") }
        try await probe.shutdown()
        #expect(try answer.get().status == 200)
        return (ContinuousClock.now - start) / .seconds(1)
    }

    /// Cores used over a second (proc_pid_stat(5), fields 14 and 15, in ticks of 10 ms): the least of five, unless it idles before.
    fileprivate func busyness() async throws -> Double {
        var least = Double.infinity
        for _ in 0..<5 where least > 0.1 { least = min(least, try await busynessNow()) }
        return least
    }

    private func busynessNow() async throws -> Double {
        func ticks() throws -> Double {
            let text = try String(contentsOfFile: "/proc/\(process.identifier)/stat", encoding: .utf8)
            let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
            try #require(fields.count > 12)
            return (Double(fields[11]) ?? 0) + (Double(fields[12]) ?? 0)
        }
        let (start, before) = (ContinuousClock.now, try ticks())
        // Only time shows what idles.
        try await Task.sleep(for: .seconds(1))
        return (try ticks() - before) / 100 / ((ContinuousClock.now - start) / .seconds(1))
    }

    fileprivate func limitDescriptors(_ count: Int) async throws {
        try await make("prlimit", ["--pid", "\(process.identifier)", "--nofile=\(count):"])
    }
}
