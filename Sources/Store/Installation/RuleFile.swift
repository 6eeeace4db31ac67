/// A file of the installation that entries name by its digest (calendars, later regulations).
public enum RuleFile {
    /// Puts the file where it is read at every start: whole, under its name, synced.
    ///
    /// It must be on disk before the entry that names it: without the file the bureau could not be opened again. If we
    /// die in between, the file lies there and nothing has adopted it.
    public static func keep(_ bytes: [UInt8], at path: String) throws {
        try Directory.write(bytes, to: path, mode: 0o644)
    }
}
