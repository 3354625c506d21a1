import Crypto
import Foundation
import HTTPTypes
import Packaging

/// The player's files as they are served, made once at the start of the server.
///
/// Every file has a URL with the hash of its bytes, which may be cached for ever: `/web/1f0c…/core/queue.js`. The page translates
/// the modules' own names by an import map, so a module's bytes, and with them its URL, change only when it does.
struct WebSite: Sendable {
    /// Why the files cannot be served: a sentence.
    struct Fault: Error, CustomStringConvertible {
        let description: String

        init(_ description: String) { self.description = description }
    }

    static let page = "/index.html"
    private static let worker = "/worker.js"
    private static let manifest = "/manifest.webmanifest"
    /// All style sheets of the page, one after the other: a page waits for each of them.
    private static let sheet = "/styles.css"

    /// The page of every view.
    let page: WebAsset
    /// Files by the path of their URL. Some have no hash: those that a browser or a system asks for by name.
    let assets: [String: WebAsset]
    /// Sentences about the files for those who write them.
    let complaints: [String]

    /// - Parameters:
    ///   - files: by their paths: `/core/queue.js`.
    ///   - access: what the page says of the server, so that it asks an open one for no account.
    /// - Throws: ``Fault`` if there is no page, or the page has no place for the import map.
    init(_ files: [String: [UInt8]], access: ServerConfiguration.Access) throws(Fault) {
        guard var source = files[Self.page] else { throw Fault("there is no index.html") }
        var files = files
        Self.joinSheets(of: &source, in: &files)
        var names = HashedNames(files.filter { ![Self.page, Self.worker, Self.manifest].contains($0.key) })
        let urls = names.makeAll()
        let imports = Self.importMap(urls.filter { $0.key.hasSuffix(".js") })
        let modules = WebModules(files.filter { $0.key.hasSuffix(".js") && $0.key != Self.worker })
        let html = try Self.html(source, urls, imports, modules, access)
        let policy = Self.policy(of: imports)

        var assets = names.contents.reduce(into: [String: WebAsset]()) { assets, file in
            assets[urls[file.key] ?? ""] = WebAsset(
                file.value, named: file.key, [.cacheControl: "public, max-age=31536000, immutable"])
        }
        for (path, source) in files where Self.isFixed(path) && HashedNames.isPlain(path) {
            var bytes = source
            var fields: HTTPFields = [.cacheControl: "no-cache"]
            if path == Self.worker {
                // A browser takes a worker for new if its bytes differ: so it does whenever any file of the player does.
                bytes += Array("\n// \(EntityTag.bytes(html))\n".utf8)
                fields[.serviceWorkerAllowed] = "/"
                fields[.contentSecurityPolicy] = policy
            }
            assets[path] = WebAsset(bytes, named: path, fields)
        }
        self.assets = assets
        page = WebAsset(
            html, named: Self.page,
            [.cacheControl: "no-cache", .contentSecurityPolicy: policy, .referrerPolicy: "same-origin"])
        // An import map is a page's: a worker has none (WHATWG HTML §8.1.6.2).
        let importing = ModuleImports(files[Self.worker] ?? [])
        let ofWorker = (importing.first + importing.later).map {
            "\(Self.worker) imports \($0), which has no such name in a worker"
        }
        complaints = (names.complaints + modules.complaints + ofWorker).sorted()
    }

    /// Puts one style sheet in the place of those that the page links, unless one of them does not exist.
    private static func joinSheets(of page: inout [UInt8], in files: inout [String: [UInt8]]) {
        var text = WebText(page)
        let sheets = text.sheets.compactMap { files[$0] }
        guard sheets.count > 1, sheets.count == text.sheets.count else { return }
        files[sheet] = Array(sheets.joined(separator: [UInt8(ascii: "\n")]))
        text.linkOneSheet(sheet)
        page = text.bytes
    }

    /// Files in the folder itself but modules and styles, and icons: they are asked for by systems that show the player, and by
    /// name.
    private static func isFixed(_ path: String) -> Bool {
        if path == worker || path == manifest { return true }
        let isImage = ["png", "ico", "svg", "jpg", "webp"].contains { path.hasSuffix(".\($0)") }
        let isOutside = path.utf8.count { $0 == UInt8(ascii: "/") } == 1
        return isOutside ? isImage || path.hasSuffix(".txt") : isImage && path.hasPrefix("/icons/")
    }

    private static func importMap(_ urls: [String: String]) -> String {
        // The names have no character that JSON or HTML would escape: see ``HashedNames``.
        let members = urls.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\"\($0.value)\"" }
        return "{\"imports\":{\(members.joined(separator: ","))}}"
    }

    private static func html(
        _ source: [UInt8], _ urls: [String: String], _ imports: String, _ modules: WebModules,
        _ access: ServerConfiguration.Access
    ) throws(Fault) -> [UInt8] {
        var text = WebText(source)
        let mode =
            switch access {
            case .open: "open"
            case .token: "token"
            case .accounts: "accounts"
            }
        _ = text.replace("data-mode=\"\"", by: "data-mode=\"\(mode)\"")
        // The page is the same for every path, so its own links to files are absolute.
        let scripts = text.attributes("src")
        text.replaceAttributes(urls)
        guard text.replace("<!--importmap-->", by: "<script type=\"importmap\">\(imports)</script>") else {
            throw Fault("index.html has no <!--importmap-->")
        }
        let preloads = modules.needed(by: scripts).compactMap { urls[$0] }.map { "<link rel=\"modulepreload\" href=\"\($0)\">" }
        _ = text.replace("<!--preload-->", by: preloads.joined(separator: "\n"))
        return text.bytes
    }

    /// What a page of the player may load and do. The import map is the one script in the page itself.
    private static func policy(of imports: String) -> String {
        let hash = Data(SHA256.hash(data: Data(imports.utf8))).base64EncodedString()
        return [
            "default-src 'self'", "script-src 'self' 'sha256-\(hash)'", "img-src 'self' blob: data:", "media-src 'self' blob:",
            "object-src 'none'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'",
            "require-trusted-types-for 'script'", "trusted-types sweetspot"
        ].joined(separator: "; ")
    }
}

extension HTTPField.Name {
    fileprivate static let serviceWorkerAllowed = HTTPField.Name("Service-Worker-Allowed")!
    fileprivate static let referrerPolicy = HTTPField.Name("Referrer-Policy")!
}
