import Kernel

/// Prints documents (文书): templates and data in, PDF/A bytes out.
///
/// `data` follows the contract in Documents/FIELDS.md. What a printer returns is stored and never printed again, so
/// the same input gives the same bytes only within one installation (fonts and typesetter of the same versions).
public protocol Printer: Sendable {
    /// PDF/A-2a with UA-1 of `data` in the template of `kind`. Same input, same bytes.
    ///
    /// - Parameter date: the day the file is said to be made, and the day under a letter that states no other.
    /// - Throws: every code of ``PressError``; nothing is printed in part.
    func pdf(template: TemplateName, data: JSON, at date: CivilDay) async throws(PressError) -> [UInt8]

    /// One PNG per page, for the preview in the browser. `scale` pixels per point.
    ///
    /// - Throws: what ``pdf(template:data:at:)`` throws for the same input: a preview shows nothing that cannot be
    ///   printed.
    func pages(
        template: TemplateName, data: JSON, at date: CivilDay, scale: Double
    ) async throws(PressError) -> [[UInt8]]

    /// One PDF of sheets of others, each with its number in the outer corner. It is no PDF/A: what the files say of
    /// themselves (tags, colour, standard) does not fit sheets of several of them. Same input, same bytes.
    ///
    /// - Throws: every code of ``PressError``; a file that cannot be opened or has other pages than told is named.
    func bound(_ binding: Binding, at date: CivilDay) async throws(PressError) -> [UInt8]

    /// A digest of everything outside the templates that the printed bytes depend on: fonts, typesetter, worker.
    ///
    /// - Throws: `unavailable` where a part is missing.
    func installationDigest() async throws(PressError) -> Digest
}

/// The name of a template: the folder of its document kind, `[a-z0-9-]+`, at most 64 bytes.
public struct TemplateName: Hashable, Sendable, CustomStringConvertible {
    /// The name as it stands in the folder.
    public let description: String
    /// The digest of a template that is kept with the data (ADR 0018); nil for the program's own.
    public private(set) var kept: Digest?

    /// The template of this name as it was, by its digest.
    public func kept(_ digest: Digest) -> TemplateName {
        var name = self
        name.kept = digest
        return name
    }

    /// A name; nil if it holds anything but small letters, digits and hyphens, so that it cannot leave the folder.
    public init?(_ description: String) {
        let allowed = description.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): true
            default: false
            }
        }
        guard allowed, (1...64).contains(description.utf8.count) else { return nil }
        self.description = description
    }
}

/// Why nothing was printed.
public struct PressError: Error, Sendable, Equatable {
    /// The kinds of failure.
    public enum Code: String, Sendable {
        /// The press is not installed, incomplete, or has too much waiting.
        case unavailable
        /// No answer within the deadline; the worker was ended.
        case timeout
        /// The text holds a character that no font draws, or one that nobody would see on paper.
        case missingGlyph
        /// The template refused the data, or is itself wrong.
        case template
        /// The worker ended, or answered nonsense and was ended.
        case died
        /// Request or answer exceed what a document may be.
        case tooLarge
    }

    /// What kind of failure.
    public let code: Code
    /// What went wrong and how to mend it, in Chinese, for the screen.
    public let message: String
    /// The cause, in English, for the log.
    public let detail: String

    /// A failure with its words for the user and for the log.
    public init(code: Code, message: String, detail: String) {
        self.code = code
        self.message = message
        self.detail = detail
    }
}
