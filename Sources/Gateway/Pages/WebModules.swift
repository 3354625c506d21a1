/// What the player's modules import.
struct WebModules {
    private let imports: [String: ModuleImports]
    /// Imports of modules that do not exist.
    let complaints: [String]

    /// - Parameter files: by their paths.
    init(_ files: [String: [UInt8]]) {
        let imports = files.mapValues { ModuleImports($0) }
        self.imports = imports
        complaints = imports.flatMap { path, imports in
            (imports.first + imports.later).filter { $0.hasPrefix("/") && files[$0] == nil }.map {
                "\(path) imports \($0), which does not exist"
            }
        }
    }

    /// The modules that a browser has to have before it runs `scripts`, which are not among them: those that they import, then
    /// those that these import.
    func needed(by scripts: [String]) -> [String] {
        var order: [String] = []
        var seen = Set(scripts)
        var next = scripts
        while !next.isEmpty {
            next = next.flatMap { imports[$0]?.first ?? [] }.filter { imports[$0] != nil && seen.insert($0).inserted }
            order += next
        }
        return order
    }
}

/// The names in a module's import declarations and `import()` calls (ECMA-262 §16.2.2, §13.3.10): all that a reader of tokens
/// finds, with strings, templates, comments and regular expressions passed over.
struct ModuleImports {
    /// Imported, or exported from another module, before the module runs.
    private(set) var first: [String] = []
    /// Imported by a call.
    private(set) var later: [String] = []

    init(_ source: [UInt8]) {
        var tokens = ScriptTokens(source)
        // Whether the last import or export is no member of an object, and whether all since then belongs to its clause.
        var isKeyword = false
        var isOpen = false
        var last = ScriptTokens.Token.other
        var before = ScriptTokens.Token.other
        while let token = tokens.next() {
            switch token {
            case .word("import"), .word("export"):
                isKeyword = last != .sign(UInt8(ascii: "."))
                isOpen = isKeyword
            case .text(let name):
                if isOpen, last == .word("from") || last == .word("import") { first.append(name) }
                if isKeyword, last == .sign(UInt8(ascii: "(")), before == .word("import") { later.append(name) }
                isOpen = false
            case .word: break
            case .sign(let sign): if !"{},*".utf8.contains(sign) { isOpen = false }
            case .other: isOpen = false
            }
            (before, last) = (last, token)
        }
    }
}
