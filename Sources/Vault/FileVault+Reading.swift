import Application
import Crypto
import Glibc
import Kernel

extension FileVault {
    public func facts(of object: ObjectID) async throws(VaultError) -> ObjectFacts {
        try await lanes.readers.perform { [self] () throws(VaultError) in try opened(object).facts }
    }

    public func read(
        _ object: ObjectID, at offset: Int64, upTo count: Int
    ) async throws(VaultError) -> [UInt8] {
        try await lanes.readers.perform { [self] () throws(VaultError) in
            let object = try opened(object)
            let start = min(max(0, offset), object.facts.byteCount)
            let end = min(object.facts.byteCount, start + Int64(max(0, count)))
            return try plain(of: object.cipher, from: object.descriptor, in: start..<end)
        }
    }

    /// Reads all segments that `range` touches in one go, and opens each.
    func plain(
        of cipher: ObjectCipher, from descriptor: Int32, in range: Range<Int64>
    ) throws(VaultError) -> [UInt8] {
        guard !range.isEmpty else { return [] }
        let unit = Int64(SealedForm.segmentByteCount)
        let first = range.lowerBound / unit
        let last = (range.upperBound - 1) / unit
        let sealedStart = cipher.form.sealedOffset(ofSegment: first)
        let sealedEnd =
            cipher.form.sealedOffset(ofSegment: last)
            + Int64(cipher.form.plainByteCount(ofSegment: last) + SealedForm.overhead)
        let sealed = try reads { () throws(SystemCallError) in
            try FileVault.read(descriptor, at: sealedStart, count: Int(sealedEnd - sealedStart), operations)
        }
        var output: [UInt8] = []
        output.reserveCapacity(range.count)
        try sealed.withUnsafeBytesTyped { sealed throws(VaultError) in
            for number in first...last {
                let start = Int(number - first) * SealedForm.sealedSegmentByteCount
                let count = cipher.form.plainByteCount(ofSegment: number)
                let end = min(start + count + SealedForm.overhead, sealed.count)
                let box = UnsafeRawBufferPointer(rebasing: sealed[min(start, end)..<end])
                let wanted = range.clamped(to: number * unit..<number * unit + Int64(count))
                let taking = Int(wanted.lowerBound - number * unit)..<Int(wanted.upperBound - number * unit)
                try cipher.open(box, segment: number, taking: taking, into: &output)
            }
        }
        return output
    }

    /// The object, opened once and kept while it is in use.
    func opened(_ id: ObjectID) throws(VaultError) -> OpenObject {
        if let object = openObjects[id] { return object }
        let descriptor: Int32
        do throws(SystemCallError) {
            descriptor = try operations.open(layout.object(id), .reading)
        } catch {
            guard error.code == ENOENT else { throw reading(error) }
            throw absent(id)
        }
        do throws(VaultError) {
            let object = try open(id, key: try key(of: id, at: layout.key(id)), descriptor: descriptor)
            openObjects.insert(object)
            return object
        } catch {
            operations.close(descriptor)
            throw error
        }
    }

    /// Why an object without sealed bytes cannot be read: it was destroyed, or never was.
    private func absent(_ id: ObjectID) -> VaultError {
        do throws(VaultError) {
            _ = try key(of: id, at: layout.key(id))
        } catch {
            if error.code == .gone { return error }
        }
        return VaultError(.notFound, "there is no object \(id)")
    }

    private func open(_ id: ObjectID, key: SymmetricKey, descriptor: Int32) throws(VaultError) -> OpenObject {
        let (prefix, size) = try reads { () throws(SystemCallError) in
            (
                try FileVault.read(descriptor, at: 0, count: Int(SealedForm.bodyOffset), operations),
                try operations.size(descriptor)
            )
        }
        let factsEnd = SealedForm.headByteCount + SealedForm.sealedFactsByteCount
        guard prefix.count == Int(SealedForm.bodyOffset),
            let form = SealedForm(head: Array(prefix[..<SealedForm.headByteCount]), id: id),
            form.sealedByteCount == size, prefix[factsEnd...].allSatisfy({ $0 == 0 })
        else {
            throw VaultError(
                .damaged, "object \(id) has a head or a length that is not its own; restore it from a backup")
        }
        let cipher = ObjectCipher(form: form, key: key)
        let facts = try cipher.openFacts(prefix[SealedForm.headByteCount..<factsEnd])
        return OpenObject(descriptor: descriptor, cipher: cipher, facts: facts, operations: operations)
    }

    /// The key in a key file.
    func key(of id: ObjectID, at path: String) throws(VaultError) -> SymmetricKey {
        let bytes: [UInt8]
        do throws(SystemCallError) {
            let descriptor = try operations.open(path, .reading)
            defer { operations.close(descriptor) }
            bytes = try FileVault.read(descriptor, at: 0, count: KeyFile.byteCount + 1, operations)
        } catch {
            guard error.code != ENOENT else {
                throw VaultError(.damaged, "the key file of object \(id) is missing; restore it from the newest backup")
            }
            throw reading(error)
        }
        return try KeyFile.unwrap(bytes, of: id, with: keys)
    }
}
