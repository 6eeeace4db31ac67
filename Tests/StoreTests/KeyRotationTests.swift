import Foundation
import Glibc
import Kernel
import Ledger
import TestKit
import Testing

@testable import Store

@Suite("Changing keys in the key store")
struct KeyRotationTests {
    private func store() throws -> (TemporaryDirectory, KeyStore) {
        let place = try TemporaryDirectory()
        let bureau = try #require(BureauTag("zhaoxian"))
        let keys = KeyStore(directory: place.path, bureau: bureau)
        try keys.store(secret: [UInt8](repeating: 1, count: 32), for: .vault)
        return (place, keys)
    }

    private static let next = [UInt8](repeating: 2, count: 32)

    @Test("until the change is finished both keys are at hand; then the new one alone, and the old bytes are nowhere")
    func whole() throws {
        let (place, keys) = try store()
        let held = try FileHandle(forReadingFrom: URL(fileURLWithPath: place.path + "/zhaoxian/vault.key"))
        try keys.stage(secret: Self.next, for: .vault)
        // Staging again keeps what is staged: it may be in use already.
        try keys.stage(secret: [UInt8](repeating: 3, count: 32), for: .vault)
        #expect(try keys.secret(for: .vault)[0] == 1 && keys.nextSecret(for: .vault) == Self.next)
        #expect(keys.unfinished == [.vault])
        #expect(throws: KeyStore.Failure.unfinished(.vault)) { try keys.files() }
        try keys.promote(.vault)
        #expect(try keys.secret(for: .vault) == Self.next && keys.unfinished == [] && !keys.hasNext(.vault))
        #expect(try keys.files().keys.sorted() == ["vault"])
        #expect(try FileManager.default.contentsOfDirectory(atPath: place.path + "/zhaoxian") == ["vault.key"])
        // The old blocks, through a descriptor that was open all along.
        let old = try held.readToEnd() ?? Data()
        #expect(!old.isEmpty && old.allSatisfy { $0 == 0 })
        try keys.promote(.vault)
        #expect(try keys.secret(for: .vault) == Self.next)
    }

    @Test("a death at each step of the promotion leaves one of the two keys in place, and the next call finishes")
    func deaths() throws {
        func files(_ place: TemporaryDirectory, _ name: String) -> String { place.path + "/zhaoxian/vault.key\(name)" }
        // After the second name was given, before the rename.
        var (place, keys) = try store()
        try keys.stage(secret: Self.next, for: .vault)
        try FileManager.default.linkItem(atPath: files(place, ""), toPath: files(place, ".old"))
        #expect(try keys.secret(for: .vault)[0] == 1 && keys.nextSecret(for: .vault) == Self.next)
        try keys.promote(.vault)
        #expect(try keys.secret(for: .vault) == Self.next && keys.unfinished == [])
        // After the rename, before the old key was overwritten.
        (place, keys) = try store()
        try keys.stage(secret: Self.next, for: .vault)
        try FileManager.default.linkItem(atPath: files(place, ""), toPath: files(place, ".old"))
        #expect(rename(files(place, ".next"), files(place, "")) == 0)
        #expect(try keys.secret(for: .vault) == Self.next)
        #expect(keys.unfinished == [.vault] && !keys.hasNext(.vault))
        try keys.promote(.vault)
        #expect(try keys.secret(for: .vault) == Self.next && keys.unfinished == [])
        // After it was overwritten, before it was removed.
        (place, keys) = try store()
        try Data(count: 65).write(to: URL(fileURLWithPath: files(place, ".old")))
        try keys.promote(.vault)
        #expect(try keys.secret(for: .vault)[0] == 1 && keys.unfinished == [])
    }

    @Test("a key is staged with mode 0600, a signing key keeps its form, and one that others can read is refused")
    func modes() throws {
        let (place, keys) = try store()
        let signing = try #require(SigningKey(generating: "example.org/receipt"))
        try keys.stage(signing, for: .receipt)
        #expect(try keys.nextSigningKey(for: .receipt).verifier == signing.verifier)
        let path = place.path + "/zhaoxian/receipt.key.next"
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        chmod(path, 0o640)
        #expect(throws: KeyStore.Failure.open(path, mode: 0o640)) { try keys.nextSigningKey(for: .receipt) }
        // A use without a key gets its first one.
        try keys.promote(.receipt)
        chmod(place.path + "/zhaoxian/receipt.key", 0o600)
        #expect(try keys.signingKey(for: .receipt).verifier == signing.verifier)
    }
}
