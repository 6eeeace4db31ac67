import Application
import Casework
import Kernel
import Ledger
import TestKit
import Testing

@testable import Application

/// An account whose secret somebody else may know records nothing, whichever road leads to the ledger (invariant 8).
@Suite("Accounts that wait")
struct OwnAccountTests {
    @Test("no type of record is taken from an account that was reset, waits or is closed, but reading and its own keys")
    func everyType() async throws {
        let world = try await BureauWorld()
        for (entry, state) in [(EntryType.accountReset, PersonRow.AccountState.reset), (.accountHeld, .waiting)] {
            _ = try await world.casebook.record(
                [Fact(entry, in: world.officer)], by: .person(world.administrator), command: .random())
            #expect(try await world.registers.person(world.officer)?.accountState == state)
            for type in EntryType.allCases {
                let size = try await world.store.signedHead().size
                var refusal: StepRefusal?
                do {
                    _ = try await world.casebook.record(
                        [Fact(type, in: .random())], by: .person(world.officer), command: .random())
                } catch { refusal = error as? StepRefusal }
                if Casebook.ofAnyAccount.contains(type) {
                    #expect(refusal?.code != .notAllowed, "\(type) by an account that is \(state)")
                } else {
                    #expect(
                        refusal?.code == .notAllowed,
                        "\(type) by an account that is \(state): \(String(describing: refusal))")
                    #expect(try await world.store.signedHead().size == size)
                }
            }
        }
    }

    @Test("what such an account may record is this list")
    func list() {
        #expect(
            Casebook.ofAnyAccount.map(\.rawValue).sorted() == [
                "access.closed", "access.opened", "account.confirmed", "account.held", "notice.read", "token.revoked",
            ])
    }
}
