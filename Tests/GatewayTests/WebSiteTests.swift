import Crypto
import Foundation
import NIOHTTP1
import TestSupport
import Testing

@testable import Gateway

/// A player of a few files, in which everything occurs that the server changes.
private enum Sample {
    static let files: [String: String] = [
        "index.html": """
        <!doctype html><html lang="en" data-mode=""><head><link rel="icon" href="/icons/a.svg"><link rel="manifest" href="/manifest.webmanifest">
        <link rel="stylesheet" href="/styles/base.css"><a href="/albums">x</a><a href="https://a.example/app.js">y</a>
        <!--importmap-->
        <!--preload-->
        <script type="module" src="/app.js"></script></head></html>
        """,
        "app.js": """
        // import { no } from '/views/never.js'
        /* import '/views/never.js' */
        import { one, two as three } from '/core/one.js'
        import * as all from "/core/two.js"
        import '/styles/theme.js'
        export { four } from '/core/four.js'
        import {
          five,
          six,
        } from '/core/five.js'
        /** @typedef {import('/views/never.js').Never} Never */
        const text = "import x from '/views/never.js'", pattern = /['"`]import '\\/views\\/never.js'/g
        const template = `import '/views/never.js' ${`${one}` + "}"} import '/views/never.js'`
        const from = '/views/never.js', half = 4 / 2, third = half / 3
        const later = () => import('/views/later.js')
        loader.import('/views/never.js')
        """,
        "core/one.js": "import { two } from '/core/two.js'\nexport const one = two",
        "core/two.js": "import { one } from '/core/one.js'\nexport const two = 2",
        "core/four.js": "export const four = 4", "core/five.js": "export const five = 5, six = 6",
        "styles/theme.js": "import '/core/six.js'", "core/six.js": "", "views/later.js": "export default 1",
        "views/never.js": "export const never = 0",
        "styles/base.css": """
        @import "/styles/other.css"; a { background: url("/icons/a.svg"), url(/icons/b.png), url('/icons/a.svg') }
        b { background: url("data:image/png;base64,AA=="), url(#x), url("https://a.example/icons/a.svg") }
        """,
        "styles/other.css": "c { background: url(/icons/b.png) }",
        "icons/a.svg": #"<svg xmlns="http://www.w3.org/2000/svg"/>"#, "icons/b.png": "\u{1}PNG",
        "manifest.webmanifest": #"{"icons":[{"src":"/icons/b.png"}]}"#, "worker.js": "self.addEventListener('fetch', () => {})",
        "favicon.ico": "ico", ".hidden.js": "hidden"
    ]

    static func folder(_ files: [String: String] = files) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        for (name, text) in files {
            let url = URL(filePath: folder.path).appending(path: name)
            try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: url)
        }
        return folder
    }

    static func site(_ files: [String: String] = files) throws -> WebSite {
        let folder = try folder(files)
        return try withExtendedLifetime(folder) { try WebSite(WebFolder.files(in: folder.path), access: .open) }
    }
}

/// A page with what it loads.
private struct Page {
    let reply: Reply
    /// Of the import map: the URLs of modules by name.
    let imports: [String: String]
    let map: String
    let preloads: [String]

    init(_ reply: Reply) throws {
        self.reply = reply
        let text = reply.text
        map = String(try #require(text.firstMatch(of: #/<script type="importmap">(.*?)</script>/#)?.output.1))
        let document = try JSONDecoder().decode([String: [String: String]].self, from: Data(map.utf8))
        #expect(document.keys.sorted() == ["imports"])
        imports = try #require(document["imports"])
        preloads = text.matches(of: #/<link rel="modulepreload" href="([^"]*)">/#).map { String($0.output.1) }
    }
}

@Suite("The player's files") struct WebSiteTests {
    @Test("Only what a module imports before it runs is preloaded, in the order in which a browser would meet it")
    func imports() throws {
        let imports = ModuleImports(Array(try #require(Sample.files["app.js"]).utf8))
        #expect(imports.first == ["/core/one.js", "/core/two.js", "/styles/theme.js", "/core/four.js", "/core/five.js"])
        #expect(imports.later == ["/views/later.js"])
        let modules = WebModules(
            Dictionary(
                uniqueKeysWithValues: Sample.files.filter { $0.key.hasSuffix(".js") }.map { ("/" + $0.key, Array($0.value.utf8)) }
            ))
        #expect(modules.needed(by: ["/app.js"]) == imports.first + ["/core/six.js"] && modules.complaints == [])
    }

    @Test(
        "Tokens of scripts are told apart",
        arguments: [
            ("import'/a.js'", ["/a.js"]), ("import a from'/a.js';import b from\"/b.js\"", ["/a.js", "/b.js"]),
            ("export*from '/a.js'", ["/a.js"]), ("import a, { b } from '/a.js'", ["/a.js"]),
            ("import a, * as b from '/a.js'", ["/a.js"]),
            ("export const from = 1\n'/a.js'", []), ("x.import '/a.js'", []),
            ("a = b / c; import '/a.js' // d", ["/a.js"]), ("a = /[/'\"]/; import '/a.js'", ["/a.js"]),
            ("a = `${ { b: '}' }.b }`; import '/a.js'", ["/a.js"]), ("a = `\\``; import '/a.js'", ["/a.js"]),
            ("a = '\\''; import '/a.js'", ["/a.js"]), ("/*", []), ("'", []), ("`${", []), ("/", []), ("import", []), ("\\", []),
            ("import '\\x2fa.js'", []), ("import meta from '/a.js' with { type: 'json' }", ["/a.js"])
        ])
    func tokens(_ source: String, _ first: [String]) {
        #expect(ModuleImports(Array(source.utf8)).first == first)
    }

    @Test("Half a script, wherever it is cut, ends the reader")
    func cut() throws {
        let source = Array(try #require(Sample.files["app.js"]).utf8)
        for end in source.indices { #expect(ModuleImports(Array(source[..<end])).first.count <= 5) }
    }

    @Test("A file's URL has the hash of its bytes, and changes with them and with nothing else")
    func hashes() throws {
        let site = try Sample.site()
        #expect(site.complaints == [])
        func url(_ path: String, of site: WebSite) -> String? {
            site.assets.keys.first { $0.hasPrefix("/web/") && $0.hasSuffix(path) }
        }
        for path in Sample.files.keys where ![".hidden.js", "index.html", "worker.js", "manifest.webmanifest"].contains(path) {
            let found = try #require(url("/" + path, of: site), "\(path)")
            #expect(found.wholeMatch(of: #/\/web\/[0-9a-f]{16}\/[a-z./]+/#) != nil)
            guard !path.hasSuffix(".css") else { continue }
            let hash = SHA256.hash(data: Data(try #require(Sample.files[path]).utf8)).prefix(8)
            #expect(found.dropFirst(5).prefix(16) == hash.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined())
        }
        #expect(!site.assets.keys.contains { $0.contains("hidden") || $0.contains("index") })
        // A style sheet's bytes have the URLs of others in them.
        var changed = Sample.files
        changed["icons/b.png"] = "\u{1}PNG2"
        let other = try Sample.site(changed)
        let differing = Set(site.assets.keys).symmetricDifference(other.assets.keys).map {
            String($0.split(separator: "/").last ?? "")
        }
        #expect(Set(differing) == ["b.png", "other.css", "base.css"] && differing.count == 6)
    }

    @Test("What names a file that does not exist is complained of, and so is what no URL can name")
    func complaints() throws {
        var files = Sample.files
        files["core/six.js"] = "import '/core/none.js'\nimport('/views/none.js')"
        files["styles/a.css"] = "@import '/styles/b.css';"
        files["styles/b.css"] = "@import '/styles/a.css';"
        files["icons/ä b.png"] = "x"
        files["worker.js"] = "import '/core/one.js'"
        let complaints = try Sample.site(files).complaints
        #expect(
            complaints == [
                "/core/six.js imports /core/none.js, which does not exist",
                "/core/six.js imports /views/none.js, which does not exist",
                "/icons/ä b.png has characters that no URL here has: it is not served",
                "/styles/a.css is imported by itself: it has no URL there",
                "/worker.js imports /core/one.js, which has no such name in a worker"
            ])
    }

    @Test("Without a page, or a place in it for the import map, there is no player")
    func faults() throws {
        #expect(throws: WebSite.Fault.self) { try WebSite([:], access: .open) }
        #expect(throws: WebSite.Fault.self) { try WebSite(["/index.html": Array("<p>".utf8)], access: .open) }
        #expect(try WebFolder.files(in: "/nonexistent").isEmpty)
    }
}

@Suite("The player over HTTP", .tags(.codec, .http), .serialized, .timeLimit(.minutes(5)))
struct WebAnswerTests {
    private static let views = [
        "/", "/albums", "/album/0123456789012345678901", "/artists", "/artist/x", "/tracks", "/genres", "/playlists",
        "/playlist/x",
        "/search?q=a%20b", "/queue", "/device", "/history", "/uploads", "/account", "/settings", "/login", "/?x=y", "/library",
        "/track/x", "/genre?name=x", "/playing", "/deleted", "/share/x"
    ]

    /// A server of the sample.
    private static func run(
        access: ServerConfiguration.Access = .open, files: [String: String] = Sample.files,
        _ body: (RunningServer) async throws -> Void
    ) async throws {
        let folder = try Sample.folder(files)
        try await RunningServer.run(access: access) {
            $0.web = folder.path
        } _: { server in
            try await body(server)
        }
    }

    @Test(
        "The style sheets that the page links are one, in their order; not if one of them does not exist",
        arguments: [true, false])
    func sheets(_ exists: Bool) async throws {
        var files = Sample.files
        let link = #"<link rel="stylesheet" href="/styles/base.css">"#
        files["index.html"] = try #require(files["index.html"]).replacing(
            link, with: link + "\n" + link.replacing("base", with: "more") + "<i></i>")
        if exists { files["styles/more.css"] = "d { background: url(/icons/a.svg) }" }
        try await Self.run(files: files) { server in
            let page = try await server.get("/").text
            let sheets = page.matches(of: #/<link rel="stylesheet" href="([^"]*)">/#).map { String($0.output.1) }
            guard exists else {
                #expect(sheets.count == 2)
                return
            }
            #expect(sheets.count == 1 && page.contains("<i></i>"))
            let sheet = try await server.get(try #require(sheets.first)).text
            let first = try #require(sheet.firstRange(of: "a { background"))
            let second = try #require(sheet.firstRange(of: "d { background: url(/web/"))
            #expect(first.upperBound < second.lowerBound)
        }
    }

    @Test(
        "Every view is the one page, which is asked for anew and needs no credentials",
        arguments: [.open, .token("s3cret"), .accounts] as [ServerConfiguration.Access])
    func views(_ access: ServerConfiguration.Access) async throws {
        try await Self.run(access: access) { server in
            let page = try await server.get("/")
            #expect(
                page.status == 200 && page["Content-Type"] == "text/html; charset=utf-8" && page["Cache-Control"] == "no-cache")
            #expect(page["Referrer-Policy"] == "same-origin" && page["X-Content-Type-Options"] == "nosniff")
            #expect(page["Vary"] == "Accept-Encoding")
            // An open server has no account to ask for.
            #expect(page.text.contains("data-mode=\"open\"") == (access == .open) && !page.text.contains("data-mode=\"\""))
            for path in Self.views {
                let view = try await server.get(path)
                #expect(view.status == 200 && view.body == page.body && view["ETag"] == page["ETag"], "\(path)")
            }
            for path in [
                "/albums/x", "/album", "/album/x/y", "/nothing", "/index.html", "/app.js", "/styles/base.css", "/Albums",
                "/album/%C3%A4"
            ] {
                try expectProblem(try await server.get(path), 404, "not-found")
            }
            for path in ["/", "/albums"] {
                let posted = try await server.send(.POST, path)
                try expectProblem(posted, 405, nil)
                #expect(posted["Allow"] == "GET, HEAD")
            }
        }
    }

    @Test("One policy for pages: nothing from elsewhere, no script but the files' and the import map, no text as markup")
    func policy() async throws {
        try await Self.run { server in
            let page = try Page(try await server.get("/"))
            let hash = Data(SHA256.hash(data: Data(page.map.utf8))).base64EncodedString()
            #expect(
                page.reply["Content-Security-Policy"]
                    == "default-src 'self'; script-src 'self' 'sha256-\(hash)'; img-src 'self' blob: data:; media-src 'self' blob:; "
                    + "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
                    + "trusted-types sweetspot")
            // Nothing else is inline.
            let text = page.reply.text
            #expect(text.matches(of: #/<script/#).count == 2 && !text.contains("<style") && !text.contains(" style="))
        }
    }

    @Test("The page names files by their hashed URLs, which may be kept for ever")
    func files() async throws {
        try await Self.run { server in
            let page = try Page(try await server.get("/"))
            let modules = Sample.files.keys.filter { $0.hasSuffix(".js") && !$0.hasPrefix(".") && $0 != "worker.js" }
            #expect(Set(page.imports.keys) == Set(modules.map { "/" + $0 }))
            let names = page.imports.reduce(into: [:]) { $0[$1.value] = $1.key }
            let order = ["/core/one.js", "/core/two.js", "/styles/theme.js", "/core/four.js", "/core/five.js", "/core/six.js"]
            #expect(page.preloads.map { names[$0] } == order)
            let text = page.reply.text
            let app = try #require(page.imports["/app.js"])
            #expect(
                text.contains("<script type=\"module\" src=\"\(app)\"></script>")
                    && text.contains("href=\"/manifest.webmanifest\""))
            #expect(text.contains("<a href=\"/albums\">") && text.contains("<a href=\"https://a.example/app.js\">"))
            let style = String(try #require(text.firstMatch(of: #/<link rel="stylesheet" href="([^"]*)">/#)?.output.1))
            let sheet = try await server.get(style)
            let links = sheet.text.matches(of: #/(?:url\(|@import )["']?(\/web\/[^"')]*)/#).map { String($0.output.1) }
            #expect(links.count == 4 && sheet["Content-Type"] == "text/css; charset=utf-8")
            #expect(sheet.text.contains("url(\"data:image/png;base64,AA==\"), url(#x), url(\"https://a.example/icons/a.svg\")"))
            for url in page.imports.values + links + [style] {
                let file = try await server.get(url)
                #expect(file.status == 200 && file["Cache-Control"] == "public, max-age=31536000, immutable", "\(url)")
                #expect(file["X-Content-Type-Options"] == "nosniff" && file["ETag"] != nil)
                // No other name leads there.
                let hash = url.split(separator: "/")[1]
                for wrong in [url.replacing(hash, with: String(hash.reversed())), url + "x", url.replacing(hash, with: "")] {
                    try expectProblem(try await server.get(wrong), 404, "not-found")
                }
            }
            #expect(try await server.get(app)["Content-Type"] == "text/javascript; charset=utf-8")
            #expect(try await server.get(app).text == Sample.files["app.js"])
        }
    }

    @Test("gzip is sent to those who take it, under its own tag; conditions and HEAD are answered")
    func conditions() async throws {
        var files = Sample.files
        files["core/four.js"] = "export const four = 4\n" + String(repeating: "// a line of no meaning\n", count: 100)
        try await Self.run(files: files) { server in
            let page = try Page(try await server.get("/"))
            let gzip = ("Accept-Encoding", "br;q=1, gzip")
            for url in ["/", try #require(page.imports["/core/four.js"])] {
                let plain = try await server.get(url)
                let small = try await server.get(url, gzip)
                #expect(
                    small["Content-Encoding"] == "gzip" && plain["Content-Encoding"] == nil && small["Vary"] == "Accept-Encoding")
                #expect(small.body.count < plain.body.count && Array(small.body.prefix(2)) == [0x1F, 0x8B])
                #expect(Gzip.compressed(plain.body) == small.body)
                let tags = [try #require(plain["ETag"]), try #require(small["ETag"])]
                #expect(tags[0] != tags[1])
                for (fields, reply, tag) in [([(String, String)](), plain, tags[0]), ([gzip], small, tags[1])] {
                    let head = try await server.send(.HEAD, url, fields)
                    #expect(head.status == 200 && head.body.isEmpty && head["Content-Length"] == "\(reply.body.count)")
                    #expect(head["ETag"] == tag && head["Content-Encoding"] == reply["Content-Encoding"])
                    let known = try await server.send(.GET, url, fields + [("If-None-Match", tag)])
                    #expect(known.status == 304 && known.body.isEmpty && known["ETag"] == tag)
                    #expect(known["Cache-Control"] == reply["Cache-Control"])
                    #expect(known["Content-Security-Policy"] == reply["Content-Security-Policy"])
                    #expect(try await server.send(.GET, url, fields + [("If-None-Match", "\"x\"")]).status == 200)
                    try expectProblem(try await server.send(.GET, url, fields + [("If-Match", "\"x\"")]), 412, nil)
                }
            }
            // What does not get shorter is sent as it is.
            let picture = try #require(page.imports["/core/six.js"])
            #expect(try await server.get(picture, gzip)["Content-Encoding"] == nil)
        }
    }

    @Test("The service worker, the manifest and icons have names without a hash")
    func fixed() async throws {
        try await Self.run { server in
            let worker = try await server.get("/worker.js")
            #expect(worker.status == 200 && worker["Cache-Control"] == "no-cache" && worker["Service-Worker-Allowed"] == "/")
            #expect(worker["Content-Type"] == "text/javascript; charset=utf-8")
            #expect(try await worker["Content-Security-Policy"] == server.get("/")["Content-Security-Policy"])
            #expect(worker.text.hasPrefix(try #require(Sample.files["worker.js"])))
            let manifest = try await server.get("/manifest.webmanifest")
            #expect(
                manifest["Content-Type"] == "application/manifest+json" && manifest.text == Sample.files["manifest.webmanifest"])
            for (path, type) in [
                ("/icons/a.svg", "image/svg+xml"), ("/icons/b.png", "image/png"), ("/favicon.ico", "image/vnd.microsoft.icon")
            ] {
                let icon = try await server.get(path)
                #expect(icon.status == 200 && icon["Content-Type"] == type && icon["Cache-Control"] == "no-cache")
            }
        }
    }

    @Test("A service worker has other bytes whenever any file is another")
    func worker() throws {
        var changed = Sample.files
        changed["views/later.js"] = "export default 2"
        let tags = try [Sample.files, Sample.files, changed].map { try #require(Sample.site($0).assets["/worker.js"]).tag }
        #expect(tags[0] == tags[1] && tags[0] != tags[2])
    }

    @Test("Without the player's files the API is served, and one line says what is missing")
    func missing() async throws {
        let folder = try Sample.folder(["app.js": "x"])
        for path in ["/nonexistent", folder.path] {
            let log = LogLines()
            try await RunningServer.run(access: .accounts, logger: log.logger) {
                $0.web = path
            } _: { server in
                try expectProblem(try await server.get("/"), 404, "not-found")
                #expect(try await server.get("/api/v1/openapi.json").status == 200)
                // The code still makes an account.
                let code = try #require(server.setupCode)
                try expectProblem(try await server.get("/setup?code=\(code)"), 404, "not-found")
                let form = Array("code=\(code)&name=ada&password=12345678&again=12345678".utf8)
                #expect(try await server.send(.POST, "/setup", body: form).status == 201)
            }
            let lines = log.all.filter { $0.contains("player") }
            #expect(lines.count == 1 && lines[0].contains("index.html"), "\(lines)")
        }
    }

    @Test("The player in this repository is whole: each of its files is found, and imports only what is there")
    func ownFiles() async throws {
        try await RunningServer.run { server in
            let page = try Page(try await server.get("/"))
            #expect(page.imports["/app.js"] != nil && !page.preloads.isEmpty)
            for url in page.imports.values { #expect(try await server.get(url).status == 200) }
            let named = page.reply.text.matches(of: #/(?:href|src)="(\/[^"]*)"/#).map { String($0.output.1) }
            for url in named { #expect(try await server.get(url).status == 200, "\(url)") }
        }
        let folder = try #require(WebFolder.path(configured: nil))
        #expect(try WebSite(WebFolder.files(in: folder), access: .open).complaints == [])
        let source = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Sources/Gateway/Web")
            .standardized
        let files = try WebFolder.files(in: source.path)
        #expect(try WebFolder.files(in: folder) == files, "the build has not copied what changed")
        let list = String(decoding: try #require(files["/begin.js"]), as: UTF8.self)
        let routes = list.matches(of: #/\['(\/[^']*)', /#).map { String($0.output.1) }
        #expect(routes.count > 20)
        for route in routes where route != "/setup" {
            #expect(WebRoutes.views.contains(route), "\(route) is no view to the server")
        }
    }
}
