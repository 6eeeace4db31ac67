import Application
import Kernel
import Ledger
import TestKit
import Testing

@testable import Vault

/// What one person may begin before anything of it is registered.
@Suite("Bounds of one person's uploads", .serialized)
struct UploadBoundTests {
    private static let colleague = ThreadTag(high: 1, low: 3)

    private func declare(_ byteCount: Int64, by owner: ThreadTag = Fixed.owner) -> UploadDeclaration {
        UploadDeclaration(
            byteCount: byteCount, owner: owner, metadata: .none, created: Instant(milliseconds: 0),
            expires: Instant(milliseconds: UploadDeclaration.shortestLife))
    }

    @Test(
        "as many uploads as the vault admits are begun, finished ones too; another person begins, and one that ends makes room"
    )
    func count() async throws {
        var configuration = FileVault.Configuration.small
        configuration.uploadsOfOnePerson = 3
        var fixture = try await VaultFixture.make(configuration: configuration)
        let first = try await fixture.vault.createUpload(declare(10))
        let whole = try await fixture.vault.createUpload(declare(3))
        try await fixture.append([1, 2, 3], to: whole.id)
        _ = try await fixture.vault.finish(whole.id)
        _ = try await fixture.vault.createUpload(declare(10))
        // Over a restart too, where nobody has read yet whose they are.
        for _ in 0..<2 {
            let vault = fixture.vault
            #expect(await code { _ = try await vault.createUpload(declare(10)) } == .tooMany)
            let other = try await vault.createUpload(declare(10, by: Self.colleague))
            try await vault.terminate(other.id)
            #expect(try await vault.uploads().count == 3)
            fixture = try await fixture.reopened(configuration: configuration)
        }
        try await fixture.vault.terminate(first.id)
        let next = try await fixture.vault.createUpload(declare(10))
        let vault = fixture.vault
        #expect(await code { _ = try await vault.createUpload(declare(10)) } == .tooMany)
        #expect(try await vault.upload(next.id).offset == 0)
        await vault.close()
    }

    @Test("many requests at once begin no more than that")
    func together() async throws {
        var configuration = FileVault.Configuration.small
        configuration.uploadsOfOnePerson = 5
        let fixture = try await VaultFixture.make(configuration: configuration)
        let (vault, declaration) = (fixture.vault, declare(10))
        let codes = await withTaskGroup(of: VaultError.Code?.self) { group in
            for _ in 0..<20 { group.addTask { await code { _ = try await vault.createUpload(declaration) } } }
            return await group.reduce(into: [VaultError.Code?]()) { $0.append($1) }
        }
        #expect(codes.count { $0 == nil } == 5 && codes.count { $0 == .tooMany } == 15)
        #expect(try await vault.uploads().count == 5)
        await vault.close()
    }

    @Test(
        "what a person announced and did not send has to fit together with what is new; what others announced keeps nobody out"
    )
    func promises() async throws {
        let fixture = try await VaultFixture.make()
        let vault = fixture.vault
        let most = try await vault.room().available / 10 * 6
        let large = try await vault.createUpload(declare(most))
        #expect(await code { _ = try await vault.createUpload(declare(most)) } == .overPromised)
        // What does not fit by itself is refused for that, whoever sends it.
        #expect(await code { _ = try await vault.createUpload(declare(most * 2)) } == .full)
        let small = try await vault.createUpload(declare(1000))
        try await fixture.append(patterned(1000)[...], to: small.id)
        _ = try await vault.createUpload(declare(most, by: Self.colleague))
        let again = try await fixture.reopened()
        let reopened = again.vault
        #expect(await code { _ = try await reopened.createUpload(declare(most)) } == .overPromised)
        try await reopened.terminate(large.id)
        _ = try await reopened.createUpload(declare(most))
        await reopened.close()
    }
}
