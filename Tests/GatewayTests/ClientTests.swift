import NIOHTTP1
import TestSupport
import Testing

@testable import Gateway

@Suite("The client of a request")
struct ClientTests {
    private static let proxies = TrustedProxies(
        ["127.0.0.1", "10.0.0.0/8", "fd00::/8"].compactMap { AddressRange($0) })

    private static func client(_ peer: String, _ fields: [(String, String)]) -> Client {
        proxies.client(peer: IPAddress(peer), host: "inside:8080") { name in
            HTTPHeaders(fields)[name]
        }
    }

    @Test(
        "Only a trusted proxy is believed, and it names the nearest hop that is not trusted",
        arguments: [
            // The peer is not trusted: whatever it says is its own.
            ("203.0.113.9", [("X-Forwarded-For", "192.0.2.1")], "203.0.113.9"),
            ("203.0.113.9", [("Forwarded", "for=192.0.2.1;proto=https")], "203.0.113.9"),
            ("127.0.0.1", [], "127.0.0.1"), ("::ffff:127.0.0.1", [("X-Forwarded-For", "192.0.2.1")], "192.0.2.1"),
            ("127.0.0.1", [("X-Forwarded-For", "192.0.2.1")], "192.0.2.1"),
            // What a client put before its own address.
            ("127.0.0.1", [("X-Forwarded-For", "198.51.100.7, 192.0.2.1")], "192.0.2.1"),
            ("127.0.0.1", [("X-Forwarded-For", "198.51.100.7"), ("X-Forwarded-For", "192.0.2.1")], "192.0.2.1"),
            ("127.0.0.1", [("X-Forwarded-For", "\"\\,;for=, 192.0.2.1")], "192.0.2.1"),
            ("127.0.0.1", [("X-Forwarded-For", "192.0.2.1, 10.1.2.3, 10.0.0.1")], "192.0.2.1"),
            ("127.0.0.1", [("X-Forwarded-For", "10.1.2.3, 10.0.0.1")], "10.1.2.3"),
            ("127.0.0.1", [("X-Forwarded-For", "192.0.2.1:4711")], "192.0.2.1"),
            ("127.0.0.1", [("X-Forwarded-For", "2001:db8::1")], "2001:db8::1"),
            ("127.0.0.1", [("X-Forwarded-For", "[2001:db8::1]:443")], "2001:db8::1"),
            ("127.0.0.1", [("X-Forwarded-For", "::ffff:192.0.2.1")], "192.0.2.1"),
            ("fd12::1", [("Forwarded", "for=\"[2001:db8::1]:4711\"")], "2001:db8::1"),
            ("127.0.0.1", [("Forwarded", "For=198.51.100.7;by=_x, for=192.0.2.1;proto=https;host=\"a.example\"")], "192.0.2.1"),
            ("127.0.0.1", [("Forwarded", "for=192.0.2.1:80 ; proto=http , for=10.0.0.1;")], "192.0.2.1"),
            ("127.0.0.1", [("Forwarded", "for=\"192.0.2\\.1\"")], "192.0.2.1"),
            ("127.0.0.1", [("Forwarded", "for=192.0.2.1"), ("X-Forwarded-For", "192.0.2.1, 10.0.0.1")], "192.0.2.1"),
            // A proxy that sets one of them passes the other on as the client made it.
            ("127.0.0.1", [("Forwarded", "for=198.51.100.7"), ("X-Forwarded-For", "192.0.2.1")], "127.0.0.1"),
            // What cannot be read, and what is hidden.
            ("127.0.0.1", [("X-Forwarded-For", "")], "127.0.0.1"), ("127.0.0.1", [("X-Forwarded-For", "unknown")], "127.0.0.1"),
            ("127.0.0.1", [("X-Forwarded-For", "192.0.2.1,")], "127.0.0.1"),
            ("127.0.0.1", [("X-Forwarded-For", "192.0.2.256")], "127.0.0.1"),
            ("127.0.0.1", [("X-Forwarded-For", "192.0.2.1:99999999999999999999")], "127.0.0.1"),
            ("127.0.0.1", [("X-Forwarded-For", "192.0.2.1, x, 10.0.0.1")], "127.0.0.1"),
            ("127.0.0.1", [("X-Forwarded-For", "fe80::1%eth0")], "127.0.0.1"),
            ("127.0.0.1", [("X-Forwarded-For", "[192.0.2.1]")], "127.0.0.1"),
            ("127.0.0.1", [("Forwarded", "for=_hidden")], "127.0.0.1"),
            ("127.0.0.1", [("Forwarded", "for=unknown")], "127.0.0.1"),
            ("127.0.0.1", [("Forwarded", "for=192.0.2.1;for=198.51.100.7")], "127.0.0.1"),
            ("127.0.0.1", [("Forwarded", "for=\"192.0.2.1")], "127.0.0.1"),
            ("127.0.0.1", [("Forwarded", "for=\", for=192.0.2.1")], "127.0.0.1"),
            ("127.0.0.1", [("Forwarded", "for = 192.0.2.1")], "127.0.0.1"), ("127.0.0.1", [("Forwarded", "for")], "127.0.0.1"),
            ("127.0.0.1", [("Forwarded", "for=192.0.2.1 x")], "127.0.0.1"), ("127.0.0.1", [("Forwarded", ",,")], "127.0.0.1"),
            ("127.0.0.1", [("Forwarded", "for=2001:db8::1")], "2001:db8::1")
        ] as [(String, [(String, String)], String)])
    func addresses(peer: String, fields: [(String, String)], address: String) {
        #expect(Self.client(peer, fields).address?.description == address)
    }

    @Test("Scheme and host are those that the outermost trusted proxy was asked for")
    func schemesAndHosts() {
        func expect(_ fields: [(String, String)], _ isTLS: Bool, _ host: String, peer: String = "127.0.0.1") {
            let client = Self.client(peer, fields)
            #expect(client.isTLS == isTLS && client.host == host, "\(fields) \(client)")
        }
        let node = ("X-Forwarded-For", "192.0.2.1")
        expect([node], false, "inside:8080")
        expect([node, ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "a.example:8443")], true, "a.example:8443")
        expect([node, ("X-Forwarded-Proto", "HTTPS")], true, "inside:8080")
        expect([node, ("X-Forwarded-Proto", "https, http"), ("X-Forwarded-Host", "evil.example, a.example")], false, "a.example")
        expect(
            [("X-Forwarded-For", "192.0.2.1, 10.0.0.1"), ("X-Forwarded-Proto", "https, http")], true, "inside:8080")
        expect([("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "a.example")], true, "a.example")
        expect([("Forwarded", "for=192.0.2.1;proto=https;host=a.example, for=10.0.0.1;proto=http;host=b")], true, "a.example")
        expect([node, ("X-Forwarded-Host", "a.example/x")], false, "inside:8080")
        expect([node, ("X-Forwarded-Host", String(repeating: "a", count: 300))], false, "inside:8080")
        expect([node, ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "a.example")], false, "inside:8080", peer: "192.0.2.2")
    }

    @Test("Fields that a client makes up are read no further than a proxy's own words, and never trap")
    func bounds() {
        let long = String(repeating: "1.2.3.4,", count: 10_000)
        #expect(Self.client("127.0.0.1", [("X-Forwarded-For", long + "192.0.2.1")]).address == IPAddress("192.0.2.1"))
        #expect(Self.client("127.0.0.1", [("Forwarded", "for=1.2.3.4," + long)]).address == IPAddress("127.0.0.1"))
        let trusted = String(repeating: "10.0.0.1,", count: 100)
        #expect(
            Self.client("127.0.0.1", [("X-Forwarded-For", "192.0.2.1," + trusted.dropLast())]).address == IPAddress("10.0.0.1"))
        var generator = SeededGenerator(for: "fields of forwarding")
        let alphabet = Array("for=;,\"\\ []:.0129afproto=https\t_unknown\u{0}é")
        for _ in 0..<5000 {
            let text = String(
                (0..<Int.random(in: 0...40, using: &generator)).map { _ in alphabet.randomElement(using: &generator) ?? "," })
            for name in ["Forwarded", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host"] {
                _ = Self.client("127.0.0.1", [(name, text)])
            }
        }
    }

    @Test("An address's network is itself in IPv4, and its /64 in IPv6")
    func networks() throws {
        func address(_ text: String) throws -> IPAddress { try #require(IPAddress(text)) }
        #expect(try address("2001:db8:1:2:3:4:5:6").network == address("2001:db8:1:2::"))
        #expect(try address("2001:db8:1:2:3:4:5:6").network == address("2001:db8:1:2:ffff::1").network)
        #expect(try address("2001:db8:1:3::1").network != address("2001:db8:1:2::1").network)
        #expect(try address("2001:db8:1:3::1").neighbourhood == address("2001:db8:1:2::1").neighbourhood)
        #expect(
            try address("192.0.2.1").network == address("::ffff:192.0.2.1")
                && address("192.0.2.1").network != address("192.0.2.2"))
        #expect(try address("192.0.2.1").neighbourhood == address("192.0.2.200").neighbourhood)
        #expect(try address("::FFFF:c000:0201").description == "192.0.2.1")
        for text in ["", "1.2.3", "1.2.3.4.5", "01.2.3.4", "1.2.3.4 ", "::g", "a.example", "1.2.3.4\u{0}", ":::", "1", "[::1]"] {
            #expect(IPAddress(text) == nil, "\(text)")
        }
    }

    @Test("A range is an address with the number of bits that count, or a single address")
    func ranges() throws {
        func contains(_ range: String, _ address: String) throws -> Bool {
            try #require(AddressRange(range)).contains(try #require(IPAddress(address)))
        }
        #expect(try contains("10.0.0.0/8", "10.255.1.2") && !contains("10.0.0.0/8", "11.0.0.0"))
        #expect(try contains("10.1.2.3/8", "10.255.1.2") && contains("192.0.2.1", "192.0.2.1"))
        #expect(try contains("0.0.0.0/0", "192.0.2.1") && !contains("0.0.0.0/0", "2001:db8::1"))
        #expect(try contains("::/0", "2001:db8::1") && !contains("::/0", "192.0.2.1"))
        #expect(try contains("2001:db8::/33", "2001:db8:7fff::1") && !contains("2001:db8::/33", "2001:db8:8000::1"))
        #expect(try contains("::ffff:10.0.0.0/104", "10.9.9.9") && contains("::1", "::1"))
        for text in [
            "", "/", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8/8", "::/129", "::ffff:10.0.0.0/8", "a/8", "10/8"
        ] {
            #expect(AddressRange(text) == nil, "\(text)")
        }
    }
}
