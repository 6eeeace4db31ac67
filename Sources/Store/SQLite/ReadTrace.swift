/// Hears every statement that a read of a ledger prepares, so that a test can ask SQLite for its plan: no query is then
/// forgotten because nobody put it into a list.
enum ReadTrace {
    /// Who hears; nobody but in a test.
    @TaskLocal static var heard: (@Sendable (String) -> Void)?
}
