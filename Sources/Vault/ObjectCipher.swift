import Application
import Crypto
import FoundationEssentials
import Kernel

/// Seals and opens the boxes of one object under its own key.
///
/// Nonces are drawn at random and stored with each box. Derived from the segment number they would repeat when a
/// segment is sealed again after a discarded or interrupted append, and a repeated GCM nonce gives away the
/// authentication key. 96 random bits for at most 2^32 boxes of one key: NIST SP 800-38D section 8.3.
struct ObjectCipher: Sendable {
    let form: SealedForm
    let key: SymmetricKey

    /// Seals one segment to the start of `target`, which holds 28 bytes more than `plain`.
    func seal(
        _ plain: UnsafeRawBufferPointer, segment number: Int64, to target: UnsafeMutableRawBufferPointer
    ) throws(VaultError) {
        let box = try sealed(plain, .segment(number))
        box.withUnsafeBytes { target.copyMemory(from: $0) }
    }

    /// Opens one segment and appends the part `range` of its plain bytes to `output`.
    func open(
        _ sealed: UnsafeRawBufferPointer, segment number: Int64, taking range: Range<Int>, into output: inout [UInt8]
    ) throws(VaultError) {
        guard let plain = opened(sealed, .segment(number)), plain.count == form.plainByteCount(ofSegment: number),
            range.upperBound <= plain.count
        else {
            throw VaultError(
                .damaged,
                "segment \(number) of object \(form.id) does not authenticate; restore the object from a backup")
        }
        plain.withUnsafeBytes { output.append(contentsOf: $0[range]) }
    }

    func sealFacts(_ facts: ObjectFacts) throws(VaultError) -> [UInt8] {
        let plain = bigEndian(UInt64(facts.byteCount)) + facts.sha256.bytes + facts.chunkRoot.bytes
        let box: Data = try plain.withUnsafeBytesTyped { bytes throws(VaultError) in try sealed(bytes, .facts) }
        return Array(box)
    }

    func openFacts(_ sealed: ArraySlice<UInt8>) throws(VaultError) -> ObjectFacts {
        guard let plain = sealed.withUnsafeBytes({ opened($0, .facts) }).map(Array.init),
            plain.count == SealedForm.factsByteCount, plain[..<8].elementsEqual(bigEndian(UInt64(form.byteCount))),
            let sha256 = Digest(plain[8..<40]), let chunkRoot = Digest(plain[40..<72])
        else {
            throw VaultError(
                .damaged, "the facts of object \(form.id) do not authenticate; restore the object from a backup")
        }
        return ObjectFacts(id: form.id, byteCount: form.byteCount, sha256: sha256, chunkRoot: chunkRoot)
    }

    private func sealed(_ plain: UnsafeRawBufferPointer, _ kind: SealedForm.Box) throws(VaultError) -> Data {
        do {
            let box = try AES.GCM.seal(plain, using: key, authenticating: form.binding(kind))
            guard let combined = box.combined else { throw VaultError(.faulty, "a box without a nonce") }
            return combined
        } catch {
            throw VaultError(.faulty, "sealing failed", cause: "\(error)")
        }
    }

    private func opened(_ sealed: UnsafeRawBufferPointer, _ kind: SealedForm.Box) -> Data? {
        guard let box = try? AES.GCM.SealedBox(combined: sealed) else { return nil }
        return try? AES.GCM.open(box, using: key, authenticating: form.binding(kind))
    }
}

extension Array where Element == UInt8 {
    /// `withUnsafeBytes` that keeps the type of the error.
    func withUnsafeBytesTyped<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        var result: Swift.Result<Result, Failure>?
        withUnsafeBytes { bytes in
            do throws(Failure) {
                result = .success(try body(bytes))
            } catch {
                result = .failure(error)
            }
        }
        // The closure above always runs, so there is a result; an empty switch arm would hide that.
        guard let result else { preconditionFailure("withUnsafeBytes did not call its body") }
        return try result.get()
    }
}

extension Array where Element == UInt8 {
    /// `withUnsafeMutableBytes` that keeps the type of the error.
    mutating func withUnsafeMutableBytesTyped<Result, Failure: Error>(
        _ body: (UnsafeMutableRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        var result: Swift.Result<Result, Failure>?
        withUnsafeMutableBytes { bytes in
            do throws(Failure) {
                result = .success(try body(bytes))
            } catch {
                result = .failure(error)
            }
        }
        guard let result else { preconditionFailure("withUnsafeMutableBytes did not call its body") }
        return try result.get()
    }
}
