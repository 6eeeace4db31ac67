import Application
import Kernel

/// The data directory (`--data`), held by one process at a time.
///
/// Everything that writes a ledger asks for it, so that a second server or a repair command cannot write beside the
/// first.
public final class DataDirectory: Sendable {
    /// Where it is.
    public let path: String
    private let hold: ProcessHold

    /// Takes the directory, making it if it is not there.
    ///
    /// - Throws: `LedgerStartError.inUse` if another process has it.
    public init(path: String) throws(LedgerStartError) {
        do {
            try Directory.make(path)
        } catch {
            throw .system(error.chinese)
        }
        hold = try ProcessHold(path + "/process.lock", called: path)
        self.path = path
    }

    /// The rule files that are kept by digest, for all bureaus (ADR 0018).
    public var rules: String { path + "/rules" }

    /// The directory of one bureau.
    public func bureau(_ tag: BureauTag) -> String { "\(path)/bureaus/\(tag)" }

    /// The file of one bureau's ledger.
    public func ledger(of tag: BureauTag) -> String { bureau(tag) + "/ledger.sqlite" }
}
