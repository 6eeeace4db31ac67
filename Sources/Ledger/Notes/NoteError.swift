/// Why a note is refused. Equal when the code is.
public struct NoteError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What is wrong.
    public enum Code: Equatable, Sendable {
        /// Not UTF-8, or a control character other than the newline.
        case text
        /// No blank line before signatures, or no signature.
        case noSignatures
        /// A line after the blank line is not `— name base64`; counted from 1.
        case signatureLine(Int)
        /// More than `SignedNote.signatureLimit` signatures.
        case tooManySignatures
        /// A key we know is named, and its signature does not fit the text.
        case badSignature(KeyID)
        /// No signature by a key we know.
        case unknownSigner
        /// The text is no checkpoint; the line counted from 1.
        case checkpoint(line: Int)
        /// The checkpoint is of another log.
        case origin
        /// The private key could not sign.
        case cannotSign
    }

    /// What is wrong.
    public let code: Code

    /// An error with this code.
    public init(_ code: Code) {
        self.code = code
    }

    public var description: String {
        switch code {
        case .text:
            "not a note: the text must be UTF-8, end in a newline and hold no control characters"
        case .noSignatures:
            "not a note: a blank line and at least one signature line must follow the text"
        case .signatureLine(let line):
            "signature line \(line) is malformed: expected a dash, a name and base64"
        case .tooManySignatures: "more than \(SignedNote.signatureLimit) signatures"
        case .badSignature(let id):
            "the signature of key \(id) does not fit the text: the text or the signature was changed"
        case .unknownSigner: "no signature by the expected key: check that key and note belong together"
        case .checkpoint(let line):
            "line \(line) is not that of a checkpoint: expected origin, size and root"
        case .origin: "a checkpoint of another log: the origin differs from the expected one"
        case .cannotSign: "the private key could not sign"
        }
    }
}
