import Kernel

/// Why the vault did not do what was asked. Switch on the code; show or log the message.
public struct VaultError: Error, Sendable {
    /// What kind of refusal or fault.
    public enum Code: String, Sendable, CaseIterable {
        /// No such object or upload.
        case notFound
        /// The object's key was destroyed.
        case gone
        /// The sealed bytes or the key file do not authenticate.
        case damaged
        /// The key file was wrapped under a vault key that is not at hand.
        case wrongKey
        /// The disk could not hold it.
        case full
        /// As many writers as the vault admits are at work.
        case busy
        /// Another writer holds the upload.
        case locked
        /// The offset given is not the upload's offset.
        case wrongOffset
        /// The checksum given is not that of the bytes.
        case checksumMismatch
        /// More bytes than announced.
        case tooLong
        /// Fewer bytes than announced.
        case incomplete
        /// The person has as many uploads on record as the vault admits.
        case tooMany
        /// The person has announced more than there is room for, and not sent it yet.
        case overPromised
        /// The vault stopped recording after a fault of the disk.
        case stopped
        /// The disk refused one operation; nothing acknowledged is touched.
        case faulty
    }

    /// The kind.
    public let code: Code
    /// What went wrong and how to mend it, for operators and logs (English, no evidence data in it).
    public let message: String
    /// The call and error of the system below, if any.
    public let cause: String?

    /// Puts an error together.
    public init(_ code: Code, _ message: String, cause: String? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }
}

extension VaultError: Equatable {
    /// Equal when the codes are equal.
    public static func == (left: VaultError, right: VaultError) -> Bool { left.code == right.code }
}

extension VaultError: CustomStringConvertible {
    public var description: String {
        "vault: \(code.rawValue): \(message)" + (cause.map { " (\($0))" } ?? "")
    }
}
