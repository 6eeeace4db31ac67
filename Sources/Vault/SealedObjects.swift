import Application
import Crypto
import Glibc
import Kernel

/// The sealed objects of a vault's directory, looked at without opening the vault: nothing is locked, nothing is written.
public struct SealedObjects: ObjectInspection {
    let layout: Layout
    let keys: VaultKeys
    let operations: any FileOperations

    /// The objects of the vault in `directory`, under these keys.
    public init(at directory: String, keys: VaultKeys) {
        self.init(at: directory, keys: keys, operations: LinuxFileOperations())
    }

    init(at directory: String, keys: VaultKeys, operations: any FileOperations) {
        layout = Layout(root: directory)
        self.keys = keys
        self.operations = operations
    }

    public func flaw(of object: ObjectID, _ depth: InspectionDepth, expecting expected: Kernel.Digest?) -> ObjectFlaw? {
        do throws(Found) {
            // The key first: of an object that was destroyed the bytes are gone by right.
            let key = try key(of: object)
            let descriptor = try open(layout.object(object), orElse: .fileMissing)
            defer { operations.close(descriptor) }
            let (cipher, sha256) = try outside(of: object, descriptor, key)
            if let expected, expected != sha256 { return .otherBytes }
            if depth == .whole, try digest(of: cipher, descriptor) != sha256 { return .damaged }
            return nil
        } catch {
            return error.flaw
        }
    }

    /// A flaw that ends the look.
    private struct Found: Error {
        let flaw: ObjectFlaw

        init(_ flaw: ObjectFlaw) { self.flaw = flaw }
    }

    private func open(_ path: String, orElse missing: ObjectFlaw) throws(Found) -> Int32 {
        do throws(SystemCallError) {
            return try operations.open(path, .reading)
        } catch {
            throw Found(error.code == ENOENT ? missing : .unreadable)
        }
    }

    private func read(_ descriptor: Int32, at offset: Int64, _ count: Int) throws(Found) -> [UInt8] {
        do throws(SystemCallError) {
            return try FileVault.read(descriptor, at: offset, count: count, operations)
        } catch {
            throw Found(.unreadable)
        }
    }

    private func key(of object: ObjectID) throws(Found) -> SymmetricKey {
        let descriptor = try open(layout.key(object), orElse: .keyMissing)
        defer { operations.close(descriptor) }
        let bytes = try read(descriptor, at: 0, KeyFile.byteCount + 1)
        guard bytes.count >= KeyFile.byteCount else { throw Found(.keyCut(Int64(bytes.count))) }
        do throws(VaultError) {
            return try KeyFile.unwrap(bytes, of: object, with: keys)
        } catch {
            throw Found(error.code == .gone ? .keyDestroyed : error.code == .wrongKey ? .wrongKey : .keyDamaged)
        }
    }

    /// Head, length and what was measured.
    private func outside(
        of object: ObjectID, _ descriptor: Int32, _ key: SymmetricKey
    ) throws(Found) -> (ObjectCipher, Kernel.Digest) {
        let size: Int64
        do throws(SystemCallError) {
            size = try operations.size(descriptor)
        } catch {
            throw Found(.unreadable)
        }
        let prefix = try read(descriptor, at: 0, Int(SealedForm.bodyOffset))
        guard prefix.count == Int(SealedForm.bodyOffset) else { throw Found(.cutShort(size, of: nil)) }
        guard let form = SealedForm(head: Array(prefix[..<SealedForm.headByteCount]), id: object) else {
            throw Found(.damaged)
        }
        let cipher = ObjectCipher(form: form, key: key)
        let factsEnd = SealedForm.headByteCount + SealedForm.sealedFactsByteCount
        guard let facts = try? cipher.openFacts(prefix[SealedForm.headByteCount..<factsEnd]),
            prefix[factsEnd...].allSatisfy({ $0 == 0 })
        else { throw Found(.damaged) }
        guard size >= form.sealedByteCount else { throw Found(.cutShort(size, of: form.sealedByteCount)) }
        guard size == form.sealedByteCount else { throw Found(.damaged) }
        return (cipher, facts.sha256)
    }

    /// SHA-256 of the plain bytes, every segment authenticated.
    private func digest(of cipher: ObjectCipher, _ descriptor: Int32) throws(Found) -> Kernel.Digest {
        var digest = WholeDigest()
        for number in 0..<cipher.form.segmentCount {
            let count = cipher.form.plainByteCount(ofSegment: number)
            let box = try read(descriptor, at: cipher.form.sealedOffset(ofSegment: number), count + SealedForm.overhead)
            var plain: [UInt8] = []
            plain.reserveCapacity(count)
            do throws(VaultError) {
                try box.withUnsafeBytesTyped { box throws(VaultError) in
                    try cipher.open(box, segment: number, taking: 0..<count, into: &plain)
                }
            } catch {
                throw Found(.damaged)
            }
            plain.withUnsafeBytes { digest.update($0) }
        }
        return digest.digest
    }
}
