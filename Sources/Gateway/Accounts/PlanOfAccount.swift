import Locker

/// The plans of accounts by their ids, for requests whose credentials are not the account's own: tickets and shares.
struct PlanOfAccount: Sendable {
    /// The account's plan, as of at most a second ago; nil if the account does not exist.
    let plan: @Sendable (_ account: Int64) async throws -> OfferedPlan?

    /// - Parameter account: the one account of `--open` and `--token`.
    init(_ access: ServerConfiguration.Access, account: Int64, catalogue: Catalogue, plans: OfferedPlans) {
        if access == .accounts {
            plan = { try await catalogue.holder(ofAccount: $0).map { plans.plan($0.plan) } }
        } else {
            plan = { $0 == account ? plans.unlimited : nil }
        }
    }
}
