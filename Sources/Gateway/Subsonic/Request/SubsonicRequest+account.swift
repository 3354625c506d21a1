import Locker

extension SubsonicRequest {
    /// The name of the account: as the client gives it on a server without logins, which takes any.
    func username(_ account: Int64, in catalogue: Catalogue) async throws -> String {
        guard let known = try await catalogue.account(id: account) else { throw SubsonicError.wrongCredentials }
        guard !known.hasPassword, let name = try optional("u"), !name.isEmpty else { return known.name }
        return name
    }

    /// Checks that the music folder, if the request names one, is the one that there is. Clients have a number of ways to name all
    /// of them.
    func checkFolder() throws(SubsonicError) {
        guard let text = parameters["musicFolderId"], let id = Int(text), ![-1, 0, SubsonicNames.folder].contains(id)
        else { return }
        throw SubsonicError(.notFound, "there is one music folder, \(SubsonicNames.folder)")
    }
}
