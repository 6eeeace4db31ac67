import Application
import Foundation
import Kernel

/// The file beside a ledger that says what its last whole check found: canonical JSON.
public enum VerificationMark {
    private static func path(beside ledger: String) -> String { ledger + ".verified" }

    /// Reads it; nil if there is none, or it cannot be read.
    public static func read(beside ledger: String) -> LastVerification? {
        guard let data = FileManager.default.contents(atPath: path(beside: ledger)),
            let json = try? JSON(canonical: [UInt8](data)), let at = json["at"]?.integer,
            let size = json["size"]?.integer,
            let checked = json["checked"]?.integer
        else { return nil }
        return LastVerification(
            at: Instant(milliseconds: at), size: size, isWhole: json["whole"] == .boolean(true), checkedSize: checked)
    }

    /// Writes it. Whoever checks a ledger that they may not write beside has checked it all the same.
    public static func write(_ found: LastVerification, beside ledger: String) {
        let json: JSON = [
            "at": .integer(found.at.milliseconds), "checked": .integer(found.checkedSize), "size": .integer(found.size),
            "whole": .boolean(found.isWhole),
        ]
        try? Directory.write(json.canonicalBytes, to: path(beside: ledger))
    }
}
