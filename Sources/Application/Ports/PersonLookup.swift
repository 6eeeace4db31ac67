import Casework

/// Finding the person of a sign-in name.
///
/// A register is one, and so is `PersonRoll`, which believes the register only where the entries say the same. Whatever
/// gives powers by what it finds takes the roll.
public protocol PersonLookup: Sendable {
    /// The person whose account has this sign-in name.
    func person(account: String) async throws(StoreError) -> PersonRow?
}
