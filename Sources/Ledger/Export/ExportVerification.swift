import Kernel

/// Checks a bureau's logs that lie as files: an export of ours, or one published tree of tiles (c2sp.org/tlog-tiles).
///
/// Why no byte can change unseen. Every leaf is read and each tree is made anew; every tile and bundle that lies there,
/// also a partial one from an earlier size, is compared with what the leaves give; the root is that of the checkpoint,
/// the checkpoint has one spelling and one signature, and the key is the one given or the one in the file `key`, whose
/// bytes the signature depends on. The entry that begins a later log is bound by its leaf. A file with any other name is
/// refused. Without any key the signature is not covered, and the answer is never *accepted*.
public enum ExportVerification {
    /// The log's verifier key and LF, beside the files that c2sp.org/tlog-tiles names.
    public static let keyFile = "key"
    /// The signed head.
    public static let checkpointFile = "checkpoint"
    /// The first entry of a later log, without its openings: what it says of the log before.
    public static let openedFile = "opened"

    /// Whether a directory looks like an export rather than a dossier.
    public static func isExport(_ source: some DossierSource) throws(DossierUnreadable) -> Bool {
        let paths = Set(try source.paths())
        return !paths.contains(DossierLayout.declaration) && !paths.contains(DossierLayout.manifest)
            && paths.contains { $0.hasPrefix("tile/") || $0.description == checkpointFile }
    }

    /// Checks an export.
    ///
    /// - Throws: `DossierUnreadable` if it cannot be read; that is no verdict.
    public static func verify(
        _ source: some DossierSource, trust: DossierTrust = DossierTrust()
    ) throws(DossierUnreadable) -> ExportVerdict {
        var check = ExportCheck(trust: trust)
        for part in try ExportPart.divide(source) { try check.take(part) }
        check.judge()
        return check.verdict
    }
}
