import Crypto
import Kernel
import Synchronization

/// Forms that came too late: the session was over, or the page was of an earlier one. They are kept for the person
/// they were drawn for and come back filled after signing in (design section 3, One write: the input is kept).
///
/// In memory only and bounded: at a restart they are gone, and nothing was recorded. Secrets and files are never kept.
final class KeptForms: Sendable {
    private struct Kept {
        let form: Form
        let person: ThreadTag
        let path: String
        let at: Instant
        let size: Int
    }

    private struct State {
        var forms: [String: Kept] = [:]
        var order: [String] = []
        var size = 0
    }

    private let state = Mutex(State())
    private let sizeLimit: Int

    /// How long a form is kept: a working day.
    static let lifetime: Int64 = 12 * 3_600_000
    /// Bytes of one form; a page of ours has far less.
    static let formLimit = 1 << 20

    /// - Parameter sizeLimit: bytes of all forms together; the oldest are forgotten first.
    init(sizeLimit: Int = 16 << 20) {
        self.sizeLimit = sizeLimit
    }

    /// Keeps a form of a step or of a draft.
    ///
    /// - Returns: the name under which it can be taken back; nil for a form that is not kept.
    func keep(_ form: Form, of person: ThreadTag, at path: String, now: Instant) -> String? {
        // Only forms that can be sent again without being carried out twice.
        guard form[FormFrame.commandField] != nil || form[DraftPage.versionField] != nil else { return nil }
        let stripped = form.without([ForgeryGuard.field, ConfirmSecret.field])
        let size = stripped.fields.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count }
        guard size <= Self.formLimit else { return nil }
        let name = CommandID.random().description
        state.withLock { state in
            state.forms[name] = Kept(form: stripped, person: person, path: path, at: now, size: size)
            state.order.append(name)
            state.size += size
            while state.size > sizeLimit || state.order.count > 1000, !state.order.isEmpty {
                let oldest = state.order.removeFirst()
                state.size -= state.forms.removeValue(forKey: oldest)?.size ?? 0
            }
        }
        return name
    }

    /// The form of this name, for its person and its page alone. It stays until its time is over: a page may be
    /// loaded again.
    func form(_ name: String, of person: ThreadTag, at path: String, now: Instant) -> Form? {
        state.withLock { state in
            guard let kept = state.forms[name], kept.person == person, kept.path == path,
                now.milliseconds(since: kept.at) < Self.lifetime
            else { return nil }
            return kept.form
        }
    }
}

/// The text that forms carry to prove that a page of ours was their origin: the session's token, whom the page was drawn
/// for, and a code over both under a key of this process.
///
/// The session may be over when the form comes: then nothing is left to compare its token with, and the code alone tells
/// that this server drew the page for that person, so that no stranger leaves text for somebody to find. After a restart
/// the key is another one: sessions go on, and forms of sessions that ended are not taken back.
enum FormToken {
    private static let key = SymmetricKey(size: .bits256)
    /// Characters of the code: 16 bytes in hex.
    private static let codeLength = 32

    static func text(_ proof: String, for person: ThreadTag?) -> String {
        person.map { "\(proof).\($0).\(code(proof, $0))" } ?? proof
    }

    /// The part that is compared with the session's.
    static func proof(_ text: String) -> String { parts(text).first ?? "" }

    /// Whom this server drew the page for; nil if it drew none with this text.
    static func person(_ text: String) -> ThreadTag? {
        let parts = parts(text)
        guard parts.count == 3, let person = ThreadTag(parts[1]),
            ForgeryGuard.areEqual(parts[2], code(parts[0], person))
        else { return nil }
        return person
    }

    /// Whether the text is one that a page of this session carries, to the last character of the session's token and of
    /// whom the page was drawn for. What the code says is not asked: a page drawn before a restart is still the session's
    /// own; that it is there is, so that a text cut short is none.
    ///
    /// - Parameters:
    ///   - proof: the session's.
    ///   - person: who is signed in. Nobody: the session is over, and whom the page was drawn for is looked at by the
    ///     page itself, which asks to sign in; the text must be whole all the same.
    static func isWhole(_ given: String, proof: String, person: ThreadTag?) -> Bool {
        let parts = parts(given)
        guard let person = person?.description ?? (parts.count == 3 ? parts[1] : nil) else {
            return ForgeryGuard.areEqual(given, proof)
        }
        return parts.count == 3 && parts[2].utf8.count == codeLength
            && ForgeryGuard.areEqual("\(parts[0]).\(parts[1])", "\(proof).\(person)")
    }

    private static func code(_ proof: String, _ person: ThreadTag) -> String {
        let code = HMAC<SHA256>.authenticationCode(for: Array("\(proof).\(person)".utf8), using: key)
        return Hex.encode(Array(code.prefix(16)))
    }

    private static func parts(_ text: String) -> [String] {
        text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).map {
            String(decoding: $0, as: UTF8.self)
        }
    }
}
