import Application
import Casework
import Foundation
import Kernel
import Ledger
import Store
import Vault

/// Changes a key of a bureau, in steps of which each may be the last before a death; the next run goes on.
///
/// Stage the next key; open everything with both; record that the next one comes into use; put what is under the present
/// one under the next one; make the next one the present one. The log's own key is no part of this: another key is
/// another log.
struct KeyRotation {
    let place: ServerPlace
    let bureau: BureauTag?
    let use: KeyStore.Use
    let console: ConsoleOptions
    /// For tests of builds for debugging: the step after which the process ends as if killed.
    var stopAfter: Int?

    /// What is told to the administrator.
    struct Report {
        let keyID: String
        let rewrapped: Int
    }

    func run() async throws -> Report {
        guard use == .receipt || use == .vault else {
            throw CommandFailure("只能更换 log（账本）、receipt（回执）和 vault（封存）密钥。")
        }
        // Who may not change keys stages none either.
        let (tag, thread) = try await withPremises { premises, open, performer in
            try performer.require(.administrator)
            return (open.office.bureau, open.thread)
        }
        let keys = KeyStore(directory: place.keys, bureau: tag)
        let isLeftOver = keys.unfinished.contains(use) && !keys.hasNext(use)
        if isLeftOver {
            // Only the overwriting of the old key was still to be done.
            try keys.promote(use)
            return Report(keyID: try keyID(keys, isNext: false), rewrapped: 0)
        }
        try stage(keys)
        end(after: 1)
        let keyID = try keyID(keys, isNext: true)
        let rewrapped = try await withPremises { premises, open, performer in
            _ = try await open.office.casebook.record(
                [try fact(keys, keyID: keyID, in: thread)], by: .person(performer.tag),
                command: KeyRotation.command(use, keyID))
            end(after: 2)
            guard use == .vault else { return 0 }
            let count = try await open.vault.rewrap()
            end(after: 3)
            return count
        }
        try keys.promote(use)
        end(after: 4)
        return Report(keyID: keyID, rewrapped: rewrapped)
    }

    private func withPremises<Value>(
        _ body: (Premises, Premises.OpenBureau, Performer) async throws -> Value
    ) async throws -> Value {
        let premises = try await Premises.open(place)
        do {
            let open = try premises.bureau(bureau)
            let performer = try await console.performer(at: open, premises: premises)
            let value = try await body(premises, open, performer)
            await premises.close()
            return value
        } catch {
            await premises.close()
            throw error
        }
    }

    private func stage(_ keys: KeyStore) throws {
        switch use {
        case .vault: try keys.stage(secret: VaultKey.random().secretBytes, for: use)
        default:
            let name = try keys.signingKey(for: use).verifier.name
            guard let next = SigningKey(generating: name) else { throw CommandFailure("现有密钥的名称不合格式。") }
            try keys.stage(next, for: use)
        }
    }

    private func keyID(_ keys: KeyStore, isNext: Bool) throws -> String {
        guard use == .vault else {
            return "\(try (isNext ? keys.nextSigningKey(for: use) : keys.signingKey(for: use)).verifier.id)"
        }
        guard let key = VaultKey(try isNext ? keys.nextSecret(for: use) : keys.secret(for: use)) else {
            throw CommandFailure("新密钥不是 32 字节。")
        }
        return Hex.encode(key.id)
    }

    private func fact(_ keys: KeyStore, keyID: String, in thread: ThreadTag) throws -> Fact {
        var fields: [FieldValue] = []
        if use != .vault {
            fields.append(.init("vkey", .string(try keys.nextSigningKey(for: use).verifier.description), .officer))
        }
        return Fact(
            .keyPublished, in: thread, plain: ["keyId": .string(keyID), "use": .string(use.rawValue)], fields: fields)
    }

    /// The same key is recorded once, however often the change was cut off.
    static func command(_ use: KeyStore.Use, _ keyID: String) -> CommandID {
        let digest = Digest.sha256(Array("liuhen/key-published/\(use.rawValue)/\(keyID)".utf8))
        return CommandID(digest.bytes.prefix(16)) ?? .random()
    }

    private func end(after step: Int) {
        #if DEBUG
        if stopAfter == step { _exit(9) }
        #endif
    }
}
