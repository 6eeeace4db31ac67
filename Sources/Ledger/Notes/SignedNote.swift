import Kernel

/// A note as it was read (c2sp.org/signed-note): text and signature lines, nothing of it verified.
///
/// The text must not be used before `verify`; `Checkpoint.open` does both for a log's head.
public struct SignedNote: Sendable {
    /// The text, with its last newline, without the blank line.
    public let text: [UInt8]
    /// The signatures in the order of their lines.
    public let signatures: [Signature]

    /// One signature line.
    public struct Signature: Sendable {
        /// The name of the key.
        public let name: String
        /// The key's short id.
        public let keyID: KeyID
        /// The bytes that follow the id; their meaning is that of the key's algorithm.
        public let bytes: [UInt8]
    }

    /// How many signature lines a note may have. The specification asks for at least 16.
    public static let signatureLimit = 100

    /// Reads a note.
    ///
    /// - Throws: `NoteError` for anything that departs from the specification by a byte.
    public init(_ bytes: [UInt8]) throws(NoteError) {
        guard SignedNote.isValid(text: bytes) else { throw NoteError(.text) }
        // The last blank line separates; the text may have blank lines of its own.
        let newline = UInt8(ascii: "\n")
        guard
            let blank = bytes.indices.dropFirst().last(where: {
                bytes[$0] == newline && bytes[$0 - 1] == newline
            })
        else { throw NoteError(.noSignatures) }
        text = Array(bytes[..<blank])
        guard blank + 1 < bytes.count else { throw NoteError(.noSignatures) }
        var signatures: [Signature] = []
        for line in bytes[(blank + 1)..<(bytes.count - 1)].split(
            separator: newline, omittingEmptySubsequences: false)
        {
            guard signatures.count < SignedNote.signatureLimit else {
                throw NoteError(.tooManySignatures)
            }
            guard let signature = Signature(line: line) else {
                throw NoteError(.signatureLine(signatures.count + 1))
            }
            signatures.append(signature)
        }
        self.signatures = signatures
    }

    /// Checks the signatures of the keys given; those of others are ignored.
    ///
    /// - Returns: the keys that signed, in the order given.
    /// - Throws: `NoteError` if a known key's signature does not fit, or no known key signed.
    @discardableResult
    public func verify(with keys: [VerifierKey]) throws(NoteError) -> [VerifierKey] {
        var signers: [VerifierKey] = []
        for key in keys {
            var signed = false
            for signature in signatures
            where signature.keyID == key.id && signature.name.utf8.elementsEqual(key.name.utf8) {
                guard key.isValid(signature: signature.bytes, for: text) else {
                    throw NoteError(.badSignature(key.id))
                }
                signed = true
            }
            if signed { signers.append(key) }
        }
        guard !signers.isEmpty else { throw NoteError(.unknownSigner) }
        return signers
    }

    /// Whether these bytes can be the text of a note: UTF-8 that ends in a newline, no other control characters.
    static func isValid(text: [UInt8]) -> Bool {
        text.last == UInt8(ascii: "\n") && text.allSatisfy { $0 >= 0x20 || $0 == UInt8(ascii: "\n") }
            && String(validating: text, as: UTF8.self) != nil
    }
}

extension SignedNote.Signature {
    /// Reads `— name base64`; nil for anything else.
    fileprivate init?(line: ArraySlice<UInt8>) {
        let dash = Array("— ".utf8)
        guard line.starts(with: dash) else { return nil }
        let parts = line.dropFirst(dash.count).split(
            separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        guard parts.count == 2, let name = String(validating: parts[0], as: UTF8.self),
            VerifierKey.isValid(name: name),
            let bytes = Base64.decode(parts[1]), bytes.count >= 5
        else { return nil }
        self.name = name
        keyID = KeyID(bytes.prefix(4))
        self.bytes = Array(bytes.dropFirst(4))
    }
}
