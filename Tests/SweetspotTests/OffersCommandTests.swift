import Foundation
import TestSupport
import Testing

@testable import Locker

extension EndToEnd {
    @Suite("The offers command")
    struct OffersCommandTests {
        private let folder: TemporaryFolder

        init() throws { folder = try TemporaryFolder() }

        @Test("A feed is checked line by line: what it offers, or what is wrong, and then the status is 1")
        func check() async throws {
            let good = try folder.write(
                Array("offers:\n- {id: a, kind: music, title: \"T\", url: 'https://a.example/', to: 2020-01-01}\n".utf8),
                to: "good.yaml")
            let read = try await sweetspot("offers", "check", good)
            #expect(read.status == 0 && read.errors.isEmpty && read.text == "line 2: a (music, over since 2020-01-01): T\n")
            let bad = try folder.write(
                Array("offers:\n- {id: a, kind: music, title: \"\\e[2J\", url: 'javascript:x'}\n".utf8), to: "bad.yaml")
            let refused = try await sweetspot("offers", "check", bad)
            #expect(
                refused.status == 1 && refused.errorLines.count == 1 && refused.errors.contains("2 problems"), "\(refused.errors)"
            )
            #expect(
                refused.text.split(separator: "\n").allSatisfy { $0.hasPrefix("\(bad): line 2: ") }
                    && !refused.text.contains("\u{1B}"))
            let missing = try await sweetspot("offers", "check", folder.path + "/none")
            #expect(missing.status == 1 && missing.text.contains("cannot be read"))
        }

        @Test("Counts are printed by day and offer, as CSV too, and name no account")
        func counts() async throws {
            let data = folder.path + "/data"
            #expect(try await sweetspot("offers", "counts", "--csv", "--data", data).text == "day,offer,shown,clicked\n")
            do {
                let catalogue = Catalogue(database: try SQLiteDatabase(path: data + "/catalogue.sqlite")) { 20_000 * 86_400_000 }
                defer { try? catalogue.close() }
                for name in ["ada", "eve"] {
                    let account = try await catalogue.addAccount(named: name, password: .ofNobody, plan: "free")
                    try await catalogue.setTaste(true, account: account)
                    try await catalogue.noteShown(offer: "moon-ep", account: account)
                    if name == "ada" { try await catalogue.noteClicked(offer: "moon-ep", account: account) }
                }
            }
            let csv = try await sweetspot("offers", "counts", "--csv", "--data", data)
            #expect(csv.status == 0 && csv.text == "day,offer,shown,clicked\n2024-10-04,moon-ep,2,1\n", "\(csv.text)")
            #expect(try await sweetspot("offers", "counts", "--data", data).text == "2024-10-04\tmoon-ep\t2\t1\n")
        }
    }
}
