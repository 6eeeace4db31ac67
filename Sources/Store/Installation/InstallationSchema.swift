import GRDB

/// The tables of `installation.sqlite`, as numbered steps that are never changed once released.
enum InstallationSchema {
    static func migrator() -> DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("0001 sign-in, sessions, drafts") { try $0.execute(sql: first) }
        migrator.registerMigration("0007 access tokens") { try $0.execute(sql: tokens) }
        migrator.registerMigration("0067 seals of sign-in data") { try $0.execute(sql: seals) }
        return migrator
    }

    private static let first = """
        CREATE TABLE credential (
            bureau TEXT NOT NULL,
            name TEXT NOT NULL,
            hash TEXT NOT NULL,
            failures INTEGER NOT NULL,
            locked_until INTEGER,
            must_change INTEGER NOT NULL CHECK (must_change IN (0, 1)),
            PRIMARY KEY (bureau, name)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE session (
            token_digest BLOB PRIMARY KEY CHECK (length(token_digest) = 32),
            bureau TEXT NOT NULL,
            name TEXT NOT NULL,
            person BLOB NOT NULL CHECK (length(person) = 16),
            opened_at INTEGER NOT NULL,
            used_at INTEGER NOT NULL,
            ends_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX session_by_account ON session (bureau, name);
        CREATE INDEX session_by_end ON session (ends_at);

        CREATE TABLE draft (
            id BLOB PRIMARY KEY CHECK (length(id) = 16),
            bureau TEXT NOT NULL,
            case_thread BLOB NOT NULL CHECK (length(case_thread) = 16),
            kind TEXT NOT NULL,
            data TEXT NOT NULL,
            author BLOB NOT NULL CHECK (length(author) = 16),
            saved_at INTEGER NOT NULL,
            version INTEGER NOT NULL CHECK (version > 0)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX draft_by_case ON draft (case_thread, saved_at);
        """
    /// A row of before has no seal and opens nothing: `liuhen account reset` sets a new secret.
    private static let seals = """
        ALTER TABLE credential ADD COLUMN seal BLOB CHECK (seal IS NULL OR length(seal) = 32);
        ALTER TABLE session ADD COLUMN seal BLOB CHECK (seal IS NULL OR length(seal) = 32);
        ALTER TABLE access_token ADD COLUMN seal BLOB CHECK (seal IS NULL OR length(seal) = 32);
        """

    private static let tokens = """
        CREATE TABLE access_token (
            id BLOB PRIMARY KEY CHECK (length(id) = 16),
            secret_digest BLOB NOT NULL CHECK (length(secret_digest) = 32),
            bureau TEXT NOT NULL,
            name TEXT NOT NULL,
            person BLOB NOT NULL CHECK (length(person) = 16),
            label TEXT NOT NULL,
            scopes TEXT NOT NULL,
            roles TEXT NOT NULL,
            made_at INTEGER NOT NULL,
            ends_at INTEGER NOT NULL,
            used_at INTEGER,
            revoked_at INTEGER
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX access_token_by_account ON access_token (bureau, name, made_at);
        """
}
