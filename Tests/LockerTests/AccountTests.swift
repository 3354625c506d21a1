import Foundation
import Synchronization
import Testing

@testable import Locker

@Suite("Accounts in the catalogue", .everyDriver) struct AccountTests {
    private static let hash = PasswordHash(of: "correct horse")

    private func account(_ name: String, in catalogue: Catalogue) async throws -> Int64 {
        try await catalogue.addAccount(named: name, password: try #require(Self.hash), plan: "free")
    }

    @Test("A password matches itself alone, and no two hashes are equal")
    func passwords() throws {
        let hash = try #require(Self.hash)
        #expect(hash.matches("correct horse"))
        for wrong in ["", "correct hors", "correct horse ", "Correct horse", String(repeating: "a", count: 2000)] {
            #expect(!hash.matches(wrong))
        }
        #expect(hash.text.hasPrefix("$scrypt$ln=15,r=8,p=3$") && PasswordHash(of: "correct horse") != hash)
        #expect(PasswordHash(of: "1234567") == nil && PasswordHash(of: String(repeating: "a", count: 1025)) == nil)
        for text in ["", "$", "$scrypt$a$b$c", "$scrypt$ln=15,r=8,p=3$====$", "correct horse"] {
            #expect(!PasswordHash(stored: text).matches(""))
            #expect(!PasswordHash(stored: text).matches("correct horse"))
        }
        #expect(!PasswordHash.ofNobody.matches("") && !PasswordHash.ofNobody.matches("correct horse"))
    }

    @Test("Names are compared without their case, and the account without a login takes a password")
    func names() async throws {
        let fixture = try Fixture()
        let catalogue = fixture.catalogue
        let local = try await catalogue.localAccount()
        #expect(try await !catalogue.hasAccounts())
        let ada = try await account("Ada", in: catalogue)
        #expect(try await catalogue.hasAccounts())
        for name in ["Ada", "ada", "ADA"] {
            await #expect(throws: CatalogueError.nameTaken) { try await account(name, in: catalogue) }
            #expect(try await catalogue.findAccount(named: name)?.id == ada)
            #expect(try await catalogue.password(ofAccountNamed: name)?.account == ada)
        }
        #expect(try await catalogue.password(ofAccountNamed: "local") == nil)
        #expect(try await account("local", in: catalogue) == local)
        #expect(try await catalogue.password(ofAccountNamed: "local")?.account == local)
        await #expect(throws: CatalogueError.nameTaken) {
            try await catalogue.addAccount(named: "eve", password: try #require(Self.hash), plan: "free", isFirst: true)
        }
        #expect(try await catalogue.accounts().map(\.name) == ["Ada", "local"])
        #expect(try await catalogue.setPlan("family", account: ada))
        #expect(try await catalogue.account(id: ada)?.plan == "family")
        #expect(
            Account.fault(inName: "a b") != nil && Account.fault(inName: "") != nil && Account.fault(inName: "ada\u{7}") != nil)
        #expect(Account.fault(inName: String(repeating: "é", count: 64)) == nil)
    }

    @Test("A session lasts until it ends, is not used for a month, or its account is removed")
    func sessions() async throws {
        let clock = Mutex(1_000_000_000)
        let fixture = try Fixture(now: { clock.withLock { $0 } })
        let catalogue = fixture.catalogue
        let ada = try await account("ada", in: catalogue)
        let secret = try await catalogue.beginSession(account: ada).text
        #expect(secret.count == 43)
        #expect(try await catalogue.holder(ofSession: secret)?.account == ada)
        #expect(try await catalogue.holder(ofSession: secret)?.scopes == .all)
        #expect(try await catalogue.holder(ofKey: secret) == nil)
        #expect(try await catalogue.holder(ofSession: String(secret.dropLast())) == nil)
        // Used once in a while, it lasts.
        for _ in 0..<3 {
            clock.withLock { $0 += Catalogue.sessionLifetime - 1000 }
            _ = try await catalogue.setPlan("free", account: ada)
            #expect(try await catalogue.holder(ofSession: secret) != nil)
        }
        clock.withLock { $0 += Catalogue.sessionLifetime + 1 }
        _ = try await catalogue.setPlan("free", account: ada)
        #expect(try await catalogue.holder(ofSession: secret) == nil)
        let other = try await catalogue.beginSession(account: ada).text
        #expect(try await catalogue.holder(ofSession: other) != nil)
        try await catalogue.endSession(other)
        #expect(try await catalogue.holder(ofSession: other) == nil)
        let last = try await catalogue.beginSession(account: ada).text
        _ = try await catalogue.removeAccount(id: ada)
        #expect(try await catalogue.holder(ofSession: last) == nil)
        #expect(try await catalogue.holder(ofAccount: ada) == nil)
    }

    @Test("Sessions are listed for their account alone, page by page, and one of them is ended by its id")
    func listedSessions() async throws {
        let clock = SetClock(1_000_000_000)
        let fixture = try Fixture(now: { clock.time })
        let catalogue = fixture.catalogue
        let (ada, eve) = (try await account("ada", in: catalogue), try await account("eve", in: catalogue))
        var secrets: [String] = []
        for client in ["first", "second", "third"] {
            secrets.append(try await catalogue.beginSession(account: ada, client: client).text)
            clock.time += 1
        }
        _ = try await catalogue.beginSession(account: eve)
        let first = try await catalogue.sessions(account: ada, limit: 2)
        let rest = try await catalogue.sessions(account: ada, after: first.next, limit: 2)
        let all = first.items + rest.items
        #expect(all.map(\.client) == ["third", "second", "first"] && rest.next == nil)
        #expect(Set(all.map(\.id)).count == 3 && all.allSatisfy { $0.id.count == 22 })
        let holder = try #require(try await catalogue.holder(ofSession: secrets[1]))
        #expect(all.filter { $0.credential == holder.credential }.map(\.client) == ["second"])
        #expect(try await !catalogue.endSession(id: all[1].id, account: eve))
        #expect(try await catalogue.holder(ofSession: secrets[1]) != nil)
        #expect(try await catalogue.endSession(id: all[1].id, account: ada))
        #expect(try await catalogue.holder(ofSession: secrets[1]) == nil)
        #expect(try await catalogue.holder(ofSession: secrets[0]) != nil)
        clock.time += Catalogue.sessionLifetime + 10
        #expect(try await catalogue.sessions(account: ada).items.isEmpty)
    }

    @Test("Sessions of a catalogue of the version before get an id each, and stay")
    func oldSessions() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "catalogue.sqlite").path
        let old = try SQLiteDatabase(path: path, upTo: "subjects of changes")
        try await old.write(.keeping) { db in
            try db.run("INSERT INTO account (name) VALUES ('ada')")
            for secret in ["a", "b"] {
                try db.run(
                    "INSERT INTO session (hash, account, created, used) VALUES (?, 1, 5, 5)", [Secret.hash(of: secret)])
            }
        }
        try old.close()
        let catalogue = Catalogue(database: try SQLiteDatabase(path: path), now: { 10 })
        let sessions = try await catalogue.sessions(account: 1).items
        #expect(Set(sessions.map(\.id)).count == 2 && sessions.allSatisfy { $0.id.count == 22 && $0.client.isEmpty })
        #expect(try await catalogue.holder(ofSession: "a") != nil)
        try catalogue.close()
    }

    @Test("A key has its scopes, is known by its hash alone, notes its last use, and is revoked by its account alone")
    func keys() async throws {
        let clock = Mutex(1_000_000_000)
        let fixture = try Fixture(now: { clock.withLock { $0 } })
        let catalogue = fixture.catalogue
        let (ada, eve) = (try await account("ada", in: catalogue), try await account("eve", in: catalogue))
        let (key, secret) = try await catalogue.addKey(account: ada, label: "phone", scopes: [.stream, .library])
        #expect(secret.text.hasPrefix("sweetspot_") && secret.text.count == 53)
        #expect(try await catalogue.keys(account: ada) == [key])
        #expect(try await catalogue.keys(account: eve).isEmpty)
        clock.withLock { $0 += 5 }
        let holder = try #require(try await catalogue.holder(ofKey: secret.text))
        #expect(holder.account == ada && holder.scopes == [.stream, .library] && holder.plan == "free")
        #expect(try await catalogue.keys(account: ada).first?.used == 1_000_000_005)
        #expect(try await catalogue.holder(ofSession: secret.text) == nil)
        #expect(try await !catalogue.revokeKey(id: key.id, account: eve))
        #expect(try await catalogue.holder(ofKey: secret.text) != nil)
        #expect(try await catalogue.revokeKey(id: key.id, account: ada))
        #expect(try await catalogue.holder(ofKey: secret.text) == nil)
        #expect(Scope(names: ["stream", "admin"]) == [.stream, .admin] && Scope(names: ["root"]) == nil)
        #expect(Scope.all.names == ["stream", "library", "upload", "admin"])
    }

    @Test("Each frequent lookup of accounts has an index")
    func indexes() async throws {
        let fixture = try Fixture()
        let statements = [
            "SELECT * FROM session WHERE hash = x'00'", "SELECT * FROM apiKey WHERE hash = x'00'",
            "SELECT * FROM apiKey WHERE account = 1 ORDER BY created, id", "DELETE FROM session WHERE used < 5",
            "SELECT id FROM account WHERE name = 'a' COLLATE NOCASE"
        ]
        for statement in statements {
            let plan = try await fixture.catalogue.plan(of: statement).joined(separator: "; ")
            #expect(plan.contains("USING") && !plan.contains("SCAN") && !plan.contains("TEMP B-TREE"), "\(statement): \(plan)")
        }
    }
}
