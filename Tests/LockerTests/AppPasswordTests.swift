import Synchronization
import Testing

@testable import Locker

@Suite("App passwords in the catalogue", .everyDriver) struct AppPasswordTests {
    private let fixture: Fixture
    private let clock = SetClock(1_000_000_000)
    private let seal: AppPasswordSeal
    private let (ada, eve): (Int64, Int64)

    private var catalogue: Catalogue { fixture.catalogue }

    init() async throws {
        fixture = try Fixture { [clock] in clock.time }
        seal = try AppPasswordSeal(key: [UInt8](repeating: 7, count: 32))
        ada = try await fixture.catalogue.addAccount(named: "Ada", password: .ofNobody, plan: "free")
        eve = try await fixture.catalogue.addAccount(named: "eve", password: .ofNobody, plan: "family")
    }

    /// The holder of a password in clear.
    private func holder(_ name: String, _ text: String, seal other: AppPasswordSeal? = nil) async throws -> Holder? {
        try await catalogue.holder(ofAppPasswordNamed: name, seal: other ?? seal) { $0 == text }.holder
    }

    @Test("A password opens its account alone, by any spelling of its name, and by itself")
    func opens() async throws {
        let (phone, first) = try await catalogue.addAppPassword(account: ada, label: "phone", seal: seal)
        let (_, second) = try await catalogue.addAppPassword(account: ada, label: "tablet", seal: seal)
        let (_, hers) = try await catalogue.addAppPassword(account: eve, label: "", seal: seal)
        #expect(first.utf8.count == 20 && Set([first, second, hers]).count == 3)
        #expect(first.allSatisfy { "23456789abcdefghijkmnpqrstuvwxyz".contains($0) })
        for name in ["Ada", "ada", "ADA"] {
            let holder = try #require(try await holder(name, first))
            #expect(holder.account == ada && holder.plan == "free" && holder.scopes == [.stream, .library])
            #expect(holder.credential == phone.id)
            #expect(try await self.holder(name, second)?.account == ada)
            #expect(try await self.holder(name, hers) == nil)
            #expect(try await self.holder(name, "") == nil)
        }
        #expect(try await catalogue.holder(ofAppPassword: first, seal: seal)?.account == ada)
        #expect(try await catalogue.holder(ofAppPassword: hers, seal: seal)?.account == eve)
        #expect(try await catalogue.holder(ofAppPassword: String(first.dropLast()), seal: seal) == nil)
        // They are neither keys nor sessions nor the account's own.
        #expect(try await catalogue.holder(ofKey: first) == nil)
        #expect(try await catalogue.holder(ofSession: first) == nil)
        #expect(try await Set(catalogue.appPasswords(account: ada).map(\.label)) == ["phone", "tablet"])
    }

    @Test("Every name is compared with as many texts: one of 32 passwords, of none, and of no account")
    func comparisons() async throws {
        for number in 0..<Catalogue.mostAppPasswords {
            _ = try await catalogue.addAppPassword(account: ada, label: "\(number)", seal: seal)
        }
        await #expect(throws: CatalogueError.tooManyAppPasswords) {
            try await catalogue.addAppPassword(account: ada, label: "more", seal: seal)
        }
        for (name, account) in [("ada", ada), ("eve", eve), ("nobody", nil), ("", nil)] as [(String, Int64?)] {
            // From the database, and as it is remembered.
            for _ in 0..<2 {
                let texts = Mutex<[String]>([])
                let found = try await catalogue.holder(ofAppPasswordNamed: name, seal: seal) { text in
                    texts.withLock { $0.append(text) }
                    return false
                }
                #expect(found.holder == nil && found.account == account)
                #expect(texts.withLock { $0.count } == Catalogue.mostAppPasswords)
                #expect(texts.withLock { $0.allSatisfy { $0.utf8.count == 20 } })
            }
        }
        // What stands for a password that does not exist is none.
        #expect(try await catalogue.holder(ofAppPasswordNamed: "eve", seal: seal) { _ in true }.holder == nil)
        #expect(try await catalogue.holder(ofAppPasswordNamed: "nobody", seal: seal) { _ in true }.holder == nil)
    }

    @Test("A revoked password ends at once, is revoked by its account alone, and goes with its account")
    func revoked() async throws {
        let (phone, text) = try await catalogue.addAppPassword(account: ada, label: "phone", seal: seal)
        #expect(try await holder("ada", text) != nil)
        #expect(try await catalogue.holder(ofAppPassword: text, seal: seal) != nil)
        #expect(try await !catalogue.revokeAppPassword(id: phone.id, account: eve))
        #expect(try await holder("ada", text) != nil)
        #expect(try await catalogue.revokeAppPassword(id: phone.id, account: ada))
        #expect(try await holder("ada", text) == nil)
        #expect(try await catalogue.holder(ofAppPassword: text, seal: seal) == nil)
        #expect(try await !catalogue.revokeAppPassword(id: phone.id, account: ada))

        // Another process makes one and revokes it.
        let other = try fixture.another()
        try await catalogue.lookForChanges()
        let (second, more) = try await other.addAppPassword(account: ada, label: "2", seal: seal)
        try await catalogue.lookForChanges()
        #expect(try await holder("ada", more) != nil)
        #expect(try await catalogue.holder(ofAppPassword: more, seal: seal) != nil)
        #expect(try await other.revokeAppPassword(id: second.id, account: ada))
        try await catalogue.lookForChanges()
        #expect(try await holder("ada", more) == nil)
        #expect(try await catalogue.holder(ofAppPassword: more, seal: seal) == nil)

        let (_, last) = try await catalogue.addAppPassword(account: eve, label: "", seal: seal)
        #expect(try await holder("eve", last) != nil)
        _ = try await catalogue.removeAccount(id: eve)
        #expect(try await holder("eve", last) == nil)
        #expect(try await catalogue.holder(ofAppPassword: last, seal: seal) == nil)
    }

    @Test("The last use is noted once a minute, and a plan that changes counts at once")
    func use() async throws {
        let (_, text) = try await catalogue.addAppPassword(account: ada, label: "phone", seal: seal)
        #expect(try await catalogue.appPasswords(account: ada).first?.used == nil)
        _ = try await holder("ada", "wrong")
        #expect(try await catalogue.appPasswords(account: ada).first?.used == nil)
        _ = try await holder("ada", text)
        #expect(try await catalogue.appPasswords(account: ada).first?.used == 1_000_000_000)
        clock.time += 59_000
        #expect(try await catalogue.setPlan("family", account: ada))
        #expect(try await holder("ada", text)?.plan == "family")
        #expect(try await catalogue.appPasswords(account: ada).first?.used == 1_000_000_000)
    }

    @Test("The texts are in the catalogue only sealed: they open under their key, as their own, and unchanged")
    func sealed() async throws {
        let (phone, text) = try await catalogue.addAppPassword(account: ada, label: "phone", seal: seal)
        let rows = try await catalogue.database.read { db in
            try db.all("SELECT id, mark, sealed FROM appPassword") { ($0[0] as String, $0[1] as [UInt8], $0[2] as [UInt8]) }
        }
        let (id, mark, sealed) = try #require(rows.first)
        #expect(id == phone.id && rows.count == 1)
        #expect(!String(decoding: sealed, as: UTF8.self).contains(text.prefix(4)))
        #expect(mark != Secret.hash(of: text))
        #expect(seal.open(sealed, of: id) == text)
        #expect(seal.open(sealed, of: Identifier.random()) == nil)
        for place in sealed.indices {
            var changed = sealed
            changed[place] ^= 1
            #expect(seal.open(changed, of: id) == nil)
        }
        #expect(seal.open(Array(sealed.dropLast()), of: id) == nil && seal.open([], of: id) == nil)
        let other = try AppPasswordSeal(key: [UInt8](repeating: 8, count: 32))
        #expect(other.open(sealed, of: id) == nil)
        // Under another key the passwords have ended, and the names are as before.
        _ = try await catalogue.setPlan("free", account: ada)
        #expect(try await holder("ada", text, seal: other) == nil)
        #expect(try await catalogue.holder(ofAppPassword: text, seal: other) == nil)
    }

    @Test("The look-ups have indexes")
    func indexes() async throws {
        for statement in [
            "SELECT * FROM appPassword WHERE mark = x'00'", "SELECT * FROM appPassword WHERE account = 1 ORDER BY created, id",
            """
            SELECT sealed FROM account LEFT JOIN appPassword ON appPassword.account = account.id
            WHERE account.name COLLATE NOCASE = 'a' COLLATE NOCASE
            """
        ] {
            let plan = try await catalogue.plan(of: statement).joined(separator: "; ")
            #expect(plan.contains("USING") && !plan.contains("SCAN") && !plan.contains("TEMP B-TREE"), "\(statement): \(plan)")
        }
    }
}
