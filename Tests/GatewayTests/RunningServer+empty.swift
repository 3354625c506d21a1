import NIOHTTP1

extension RunningServer {
    /// Removes every track, playlist and play, and the taste, of an open server's account, so that no test sees what another left.
    func empty() async throws {
        for list in ["tracks", "playlists"] {
            for item in try await get("/api/v1/\(list)?limit=500").json["items"]?.list ?? [] {
                _ = try await send(.DELETE, "/api/v1/\(list)/\(item["id"]?.text ?? "")")
            }
        }
        _ = try await send(.DELETE, "/api/v1/history")
        _ = try await send(.DELETE, "/api/v1/me/taste")
    }
}
