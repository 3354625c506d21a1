import Foundation
import Testing

@testable import Gateway

/// Documents that list what is somewhere else too.
@Suite("Lists in documents") struct DocumentationTests {
    private static let sources = URL(filePath: #filePath).appending(path: "../../../Sources").standardized

    private static func text(_ path: String) throws -> String {
        try String(contentsOf: sources.appending(path: path), encoding: .utf8)
    }

    @Test("Every decision record is on its target's page and on that of all decisions, there in order, and each says what lost")
    func decisions() throws {
        let manager = FileManager.default
        let all = try Self.text("sweetspot/sweetspot.docc/Decisions.md")
        var count = 0
        for target in try manager.contentsOfDirectory(atPath: Self.sources.path) {
            let folder = "\(target)/\(target).docc/Decisions"
            let path = Self.sources.appending(path: folder).path
            guard let names = try? manager.contentsOfDirectory(atPath: path) else { continue }
            let page = try Self.text("\(target)/\(target).docc/\(target).md")
            for name in names {
                #expect(page.contains("(Decisions/\(name))"), "\(target): \(name)")
                let record = try Self.text("\(folder)/\(name)")
                for part in ["What lost", "What would reopen it"] { #expect(record.contains(part), "\(target): \(name)") }
            }
            let listed = all.matches(of: #/\.\./\.\./(\w+)/\w+\.docc/Decisions/(\w+\.md)/#).filter { $0.output.1 == target }
            #expect(listed.map { String($0.output.2) } == names.sorted(), "\(target)")
            count += names.count
        }
        #expect(count > 60)
    }

    @Test("The API's document names the path of every view of the player")
    func views() throws {
        let document = try Self.text("Gateway/Gateway.docc/API.md")
        let behind = try #require(document.split(separator: "## The web player\n").dropFirst().first)
        let section = try #require(behind.split(separator: "\n\n").first)
        let named = section.prefix(upTo: try #require(section.firstRange(of: ": the same bytes")).lowerBound)
        let paths = named.matches(of: #/`(/[^`]*)`/#).map { String($0.output.1) }
        let views = WebRoutes.views.map { view in view.replacing(#/:(\w+)/#) { "{\($0.output.1)}" } }
        #expect(paths == views)
    }
}
