import GRDB

/// The tables of a bureau's ledger, as numbered steps that are never changed once released.
///
/// Steps say SQL and nothing else, so that they mean the same in every later program. Entries are never migrated;
/// projections may be dropped and rebuilt. `docs/formats-ledger-store.md` describes every column.
enum LedgerSchema {
    static func migrator() -> DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("0001 log") { try $0.execute(sql: log) }
        migrator.registerMigration("0002 projections") { try $0.execute(sql: projections) }
        migrator.registerMigration("0003 search") { try $0.execute(sql: search) }
        migrator.registerMigration("0004 open obligations by row") { try $0.execute(sql: openByProvision) }
        migrator.registerMigration("0005 reevaluation") { try $0.execute(sql: reevaluation) }
        migrator.registerMigration("0008 lists in order") { try $0.execute(sql: lists) }
        migrator.registerMigration("0009 case numbers") { try CaseNumberClaims.make(on: Connection($0)) }
        migrator.registerMigration("0010 totals by days") { try $0.execute(sql: totals) }
        migrator.registerMigration("0011 words that are waited for") { try $0.execute(sql: waiting) }
        migrator.registerMigration("0012 papers after the filing") { try $0.execute(sql: papersAfterFiling) }
        migrator.registerMigration("0013 obligations by matter") { try $0.execute(sql: byMatter) }
        migrator.registerMigration("0014 numbers as issued") { try $0.execute(sql: numbersAsIssued) }
        migrator.registerMigration("0015 cases by their finding") { try $0.execute(sql: casesByFinding) }
        return migrator
    }

    // Whether a finding led to a case is asked of the openings themselves, as numbers are (ADR 0072).
    private static let casesByFinding = """
        CREATE INDEX entry_by_finding ON entry (
            iif(json_valid(skeleton), json_extract(skeleton, '$.refs[0].thread'), NULL),
            iif(json_valid(skeleton), json_extract(skeleton, '$.refs[0].seq'), NULL)
        ) WHERE type = 'case.opened';
        """

    // Numbers are looked for where they were recorded, not in rows that follow from it (ADR 0070). A skeleton that is no
    // JSON any more is for the verification to name: here it must not keep the ledger from opening.
    private static let numbersAsIssued = """
        CREATE INDEX entry_by_number ON entry (
            iif(json_valid(skeleton), json_extract(skeleton, '$.plain.year'), NULL),
            iif(json_valid(skeleton), json_extract(skeleton, '$.plain.number'), NULL)
        ) WHERE type = 'document.issued';
        """

    // Claims of what waits follow from entries that a ledger has already: every case is judged once more.
    private static let waiting = "DELETE FROM reevaluation"

    // Counts of a matter by its standing come from this index alone. Its second half is no column, so that no list of open
    // obligations is ever read from it: from when an open one is late (never is 2^63-1), the state of any other.
    private static let byMatter = """
        CREATE INDEX obligation_by_matter ON obligation
            (matter, iif(state = 'open', ifnull(late_from, 9223372036854775807), state));
        """

    // One row: how far the projections of cases follow the law. Lost, everything is judged anew.
    private static let reevaluation = """
        CREATE TABLE reevaluation (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            law INTEGER NOT NULL,
            phase TEXT NOT NULL,
            after BLOB,
            cases INTEGER NOT NULL,
            changed INTEGER NOT NULL,
            started_at INTEGER NOT NULL,
            finished_at INTEGER
        ) STRICT;
        """

    // Fixed columns stand before the long ones: checking the tree then reads no overflow pages.
    private static let log = """
        CREATE TABLE log (
            n INTEGER PRIMARY KEY CHECK (n > 0),
            origin TEXT NOT NULL UNIQUE,
            vkey TEXT NOT NULL,
            opened INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE entry (
            position INTEGER PRIMARY KEY,
            thread BLOB NOT NULL CHECK (length(thread) = 16),
            seq INTEGER NOT NULL CHECK (seq > 0),
            prev BLOB NOT NULL CHECK (length(prev) = 32),
            commitment BLOB NOT NULL CHECK (length(commitment) = 32),
            recorded_at INTEGER NOT NULL,
            type TEXT NOT NULL,
            salt BLOB NOT NULL CHECK (length(salt) = 32),
            skeleton TEXT NOT NULL,
            log INTEGER NOT NULL GENERATED ALWAYS AS ((position >> 44) + 1) VIRTUAL,
            idx INTEGER NOT NULL GENERATED ALWAYS AS (position & 17592186044415) VIRTUAL,
            UNIQUE (thread, seq)
        ) STRICT;

        CREATE TABLE opening (
            position INTEGER NOT NULL REFERENCES entry (position),
            name TEXT NOT NULL,
            class TEXT NOT NULL,
            salt BLOB NOT NULL CHECK (length(salt) = 32),
            value TEXT NOT NULL,
            PRIMARY KEY (position, name)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE node (
            position INTEGER PRIMARY KEY,
            hash BLOB NOT NULL CHECK (length(hash) = 32)
        ) STRICT;

        CREATE TABLE head (
            position INTEGER PRIMARY KEY,
            root BLOB NOT NULL CHECK (length(root) = 32),
            note TEXT NOT NULL,
            log INTEGER NOT NULL GENERATED ALWAYS AS ((position >> 44) + 1) VIRTUAL,
            size INTEGER NOT NULL GENERATED ALWAYS AS (position & 17592186044415) VIRTUAL
        ) STRICT;

        CREATE TABLE command (
            id BLOB PRIMARY KEY CHECK (length(id) = 16),
            first INTEGER NOT NULL REFERENCES entry (position),
            entries INTEGER NOT NULL CHECK (entries > 0),
            answer TEXT NOT NULL,
            digest BLOB NOT NULL CHECK (length(digest) = 32)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE thread (
            tag BLOB PRIMARY KEY CHECK (length(tag) = 16),
            kind TEXT NOT NULL,
            seq INTEGER NOT NULL CHECK (seq > 0),
            commitment BLOB NOT NULL CHECK (length(commitment) = 32)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX thread_by_kind ON thread (kind, tag);

        CREATE TABLE entry_type (
            type TEXT NOT NULL,
            version INTEGER NOT NULL,
            PRIMARY KEY (type, version)
        ) STRICT, WITHOUT ROWID;

        CREATE TRIGGER entry_is_never_changed BEFORE UPDATE ON entry
            BEGIN SELECT RAISE(ABORT, 'an entry is never changed'); END;
        CREATE TRIGGER entry_is_never_removed BEFORE DELETE ON entry
            BEGIN SELECT RAISE(ABORT, 'an entry is never removed'); END;
        CREATE TRIGGER opening_is_never_changed BEFORE UPDATE ON opening
            BEGIN SELECT RAISE(ABORT, 'an opening is never changed'); END;
        CREATE TRIGGER node_is_never_changed BEFORE UPDATE ON node
            BEGIN SELECT RAISE(ABORT, 'a hash is never changed'); END;
        CREATE TRIGGER node_is_never_removed BEFORE DELETE ON node
            BEGIN SELECT RAISE(ABORT, 'a hash is never removed'); END;
        CREATE TRIGGER head_is_never_changed BEFORE UPDATE ON head
            BEGIN SELECT RAISE(ABORT, 'a signed head is never changed'); END;
        CREATE TRIGGER head_is_never_removed BEFORE DELETE ON head
            BEGIN SELECT RAISE(ABORT, 'a signed head is never removed'); END;
        """

    // Days are text (2026-11-20), lists are words with spaces between or JSON arrays: readable with `sqlite3` alone.
    private static let projections = """
        CREATE TABLE person (
            thread BLOB PRIMARY KEY,
            name TEXT NOT NULL,
            section TEXT NOT NULL,
            certificate_number TEXT NOT NULL,
            certificate_until TEXT,
            roles TEXT NOT NULL,
            account TEXT,
            account_state TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX person_by_name ON person (name, thread);
        CREATE INDEX person_by_account ON person (account) WHERE account IS NOT NULL;

        CREATE TABLE subject (
            id INTEGER PRIMARY KEY,
            thread BLOB NOT NULL UNIQUE,
            kind TEXT NOT NULL,
            name TEXT NOT NULL,
            code TEXT NOT NULL
        ) STRICT;
        CREATE INDEX subject_by_name ON subject (name, id);

        CREATE TABLE case_file (
            id INTEGER PRIMARY KEY,
            thread BLOB NOT NULL UNIQUE,
            kind TEXT NOT NULL,
            title TEXT NOT NULL,
            subject BLOB NOT NULL,
            subject_name TEXT NOT NULL,
            handlers TEXT NOT NULL,
            stage TEXT NOT NULL,
            state TEXT NOT NULL,
            opened_at INTEGER NOT NULL,
            ended_at INTEGER,
            filed_at INTEGER,
            last_at INTEGER NOT NULL,
            entries INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX case_by_opening ON case_file (opened_at, id);
        CREATE INDEX case_by_change ON case_file (last_at, id);
        CREATE INDEX case_by_title ON case_file (title, id);
        CREATE INDEX case_by_state ON case_file (state, opened_at, id);
        CREATE INDEX case_by_stage ON case_file (stage, opened_at, id);
        CREATE INDEX case_by_kind ON case_file (kind, opened_at, id);

        CREATE TABLE case_handler (
            person BLOB NOT NULL,
            "case" INTEGER NOT NULL REFERENCES case_file (id) ON DELETE CASCADE,
            PRIMARY KEY (person, "case")
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX case_handler_by_case ON case_handler ("case");

        CREATE TABLE case_count (
            kind TEXT NOT NULL,
            state TEXT NOT NULL,
            stage TEXT NOT NULL,
            n INTEGER NOT NULL,
            PRIMARY KEY (kind, state, stage)
        ) STRICT, WITHOUT ROWID;
        CREATE TRIGGER case_counted AFTER INSERT ON case_file BEGIN
            INSERT INTO case_count VALUES (new.kind, new.state, new.stage, 1)
                ON CONFLICT DO UPDATE SET n = n + 1;
        END;
        CREATE TRIGGER case_uncounted AFTER DELETE ON case_file BEGIN
            UPDATE case_count SET n = n - 1
                WHERE kind = old.kind AND state = old.state AND stage = old.stage;
        END;
        CREATE TRIGGER case_moved AFTER UPDATE OF kind, state, stage ON case_file
            WHEN (old.kind, old.state, old.stage) IS NOT (new.kind, new.state, new.stage) BEGIN
            UPDATE case_count SET n = n - 1
                WHERE kind = old.kind AND state = old.state AND stage = old.stage;
            INSERT INTO case_count VALUES (new.kind, new.state, new.stage, 1)
                ON CONFLICT DO UPDATE SET n = n + 1;
        END;

        CREATE TABLE document (
            id BLOB PRIMARY KEY,
            case_thread BLOB NOT NULL,
            kind TEXT NOT NULL,
            state TEXT NOT NULL,
            fixed_at INTEGER NOT NULL,
            issued_at INTEGER,
            year INTEGER,
            number INTEGER,
            number_text TEXT NOT NULL,
            open_slots TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX document_by_time ON document (fixed_at, id);
        CREATE INDEX document_by_case ON document (case_thread, fixed_at, id);
        CREATE INDEX document_by_kind ON document (kind, fixed_at, id);
        CREATE INDEX document_by_state ON document (state, fixed_at, id);
        CREATE INDEX document_by_year ON document (year, fixed_at, id) WHERE year IS NOT NULL;
        CREATE INDEX document_by_number ON document (kind, year, number) WHERE number IS NOT NULL;

        CREATE TABLE obligation (
            case_thread BLOB NOT NULL,
            key TEXT NOT NULL,
            matter TEXT NOT NULL,
            state TEXT NOT NULL,
            title TEXT NOT NULL,
            provisions TEXT NOT NULL,
            gate TEXT NOT NULL,
            who TEXT NOT NULL,
            due INTEGER,
            late_from INTEGER,
            PRIMARY KEY (case_thread, key)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX obligation_open ON obligation (ifnull(due, 9223372036854775807), case_thread, key)
            WHERE state = 'open';
        CREATE INDEX obligation_open_by_who ON obligation (who, ifnull(due, 9223372036854775807), case_thread, key)
            WHERE state = 'open';
        CREATE INDEX obligation_late ON obligation (late_from) WHERE state = 'open' AND late_from IS NOT NULL;

        CREATE TABLE recording (
            thread BLOB PRIMARY KEY,
            object BLOB NOT NULL,
            form TEXT NOT NULL,
            file_name TEXT NOT NULL,
            media_type TEXT NOT NULL,
            byte_count INTEGER NOT NULL,
            imported_at INTEGER NOT NULL,
            inspected INTEGER NOT NULL CHECK (inspected IN (0, 1))
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX recording_to_inspect ON recording (imported_at, thread) WHERE inspected = 0;

        CREATE TABLE claim (
            kind TEXT NOT NULL,
            key TEXT NOT NULL,
            thread BLOB NOT NULL,
            PRIMARY KEY (kind, key)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX claim_by_thread ON claim (thread, kind, key);
        """

    // One row for each row of a text under which an obligation is open. A term that never ends is 2^63-1. REPLACE fires
    // no delete trigger, so the insert trigger takes away what stood there.
    private static let openByProvision = """
        CREATE TABLE obligation_provision (
            provision TEXT NOT NULL,
            late_from INTEGER NOT NULL,
            case_thread BLOB NOT NULL,
            key TEXT NOT NULL,
            PRIMARY KEY (provision, late_from, case_thread, key)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX obligation_provision_by_case ON obligation_provision (case_thread, key, provision);
        INSERT INTO obligation_provision
            SELECT DISTINCT p.value, ifnull(o.late_from, 9223372036854775807), o.case_thread, o.key
            FROM obligation AS o, json_each(iif(json_valid(o.provisions), o.provisions, '[]')) AS p
            WHERE o.state = 'open';
        CREATE TRIGGER obligation_put AFTER INSERT ON obligation BEGIN
            DELETE FROM obligation_provision WHERE case_thread = new.case_thread AND key = new.key;
            INSERT INTO obligation_provision
                SELECT DISTINCT p.value, ifnull(new.late_from, 9223372036854775807), new.case_thread, new.key
                FROM json_each(new.provisions) AS p WHERE new.state = 'open';
        END;
        CREATE TRIGGER obligation_removed AFTER DELETE ON obligation BEGIN
            DELETE FROM obligation_provision WHERE case_thread = old.case_thread AND key = old.key;
        END;
        """

    // Tokens come from `Bigrams`; the index keeps no text of its own. Row ids are those of case_file and subject.
    private static let search = """
        CREATE VIRTUAL TABLE case_text USING fts5 (
            title, party, content = '', tokenize = "unicode61 remove_diacritics 0");
        CREATE VIRTUAL TABLE subject_text USING fts5 (
            name, code, content = '', tokenize = "unicode61 remove_diacritics 0");
        """

    // Every list that a page shows is read in its order from an index, and every total that no page can wait for is kept
    // by triggers. `obligation_handler` is what is open in the cases of each person; a term that never ends is 2^63-1.
    // `case_at_hand` is each person's cases by state and last change, `document_waiting` what may still be signed.
    private static let lists = """
        CREATE INDEX case_by_state_change ON case_file (state, last_at, id);
        CREATE INDEX case_by_state_title ON case_file (state, title, id);
        CREATE INDEX case_by_stage_change ON case_file (stage, last_at, id);
        CREATE INDEX case_by_stage_title ON case_file (stage, title, id);
        CREATE INDEX case_by_kind_change ON case_file (kind, last_at, id);
        CREATE INDEX case_by_kind_title ON case_file (kind, title, id);
        CREATE INDEX obligation_open_by_case ON obligation (case_thread, who, late_from) WHERE state = 'open';
        CREATE INDEX obligation_late_by_who ON obligation (who, late_from)
            WHERE state = 'open' AND late_from IS NOT NULL;

        CREATE TABLE document_count (
            kind TEXT NOT NULL,
            state TEXT NOT NULL,
            n INTEGER NOT NULL,
            PRIMARY KEY (kind, state)
        ) STRICT, WITHOUT ROWID;
        INSERT INTO document_count SELECT kind, state, count(*) FROM document GROUP BY kind, state;
        CREATE TRIGGER document_counted AFTER INSERT ON document BEGIN
            INSERT INTO document_count VALUES (new.kind, new.state, 1) ON CONFLICT DO UPDATE SET n = n + 1;
        END;
        CREATE TRIGGER document_uncounted AFTER DELETE ON document BEGIN
            UPDATE document_count SET n = n - 1 WHERE kind = old.kind AND state = old.state;
        END;
        CREATE TRIGGER document_moved AFTER UPDATE OF kind, state ON document
            WHEN (old.kind, old.state) IS NOT (new.kind, new.state) BEGIN
            UPDATE document_count SET n = n - 1 WHERE kind = old.kind AND state = old.state;
            INSERT INTO document_count VALUES (new.kind, new.state, 1) ON CONFLICT DO UPDATE SET n = n + 1;
        END;

        CREATE TABLE obligation_handler (
            person BLOB NOT NULL,
            due INTEGER NOT NULL,
            case_thread BLOB NOT NULL,
            key TEXT NOT NULL,
            who TEXT NOT NULL,
            late_from INTEGER,
            PRIMARY KEY (person, due, case_thread, key)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX obligation_handler_by_case ON obligation_handler (case_thread, key);
        INSERT INTO obligation_handler
            SELECT h.person, ifnull(o.due, 9223372036854775807), o.case_thread, o.key, o.who, o.late_from
            FROM obligation AS o CROSS JOIN case_file AS c ON c.thread = o.case_thread
            CROSS JOIN case_handler AS h ON h."case" = c.id WHERE o.state = 'open';
        CREATE TRIGGER obligation_handled AFTER INSERT ON obligation BEGIN
            DELETE FROM obligation_handler WHERE case_thread = new.case_thread AND key = new.key;
            INSERT INTO obligation_handler
                SELECT h.person, ifnull(new.due, 9223372036854775807), new.case_thread, new.key, new.who, new.late_from
                FROM case_file AS c CROSS JOIN case_handler AS h ON h."case" = c.id
                WHERE c.thread = new.case_thread AND new.state = 'open';
        END;
        CREATE TRIGGER obligation_unhandled AFTER DELETE ON obligation BEGIN
            DELETE FROM obligation_handler WHERE case_thread = old.case_thread AND key = old.key;
        END;
        CREATE TRIGGER handler_added AFTER INSERT ON case_handler BEGIN
            INSERT OR REPLACE INTO obligation_handler
                SELECT new.person, ifnull(o.due, 9223372036854775807), o.case_thread, o.key, o.who, o.late_from
                FROM case_file AS c CROSS JOIN obligation AS o ON o.case_thread = c.thread
                WHERE c.id = new."case" AND +o.state = 'open';
        END;
        CREATE TRIGGER handler_removed AFTER DELETE ON case_handler BEGIN
            DELETE FROM obligation_handler
                WHERE case_thread = (SELECT thread FROM case_file WHERE id = old."case") AND person = old.person;
        END;

        CREATE TABLE case_at_hand (
            person BLOB NOT NULL,
            state TEXT NOT NULL,
            last_at INTEGER NOT NULL,
            "case" INTEGER NOT NULL,
            kind TEXT NOT NULL,
            PRIMARY KEY (person, state, last_at, "case")
        ) STRICT, WITHOUT ROWID;
        INSERT INTO case_at_hand SELECT h.person, c.state, c.last_at, c.id, c.kind
            FROM case_handler AS h CROSS JOIN case_file AS c ON c.id = h."case";
        CREATE TRIGGER hand_taken AFTER INSERT ON case_handler BEGIN
            INSERT OR REPLACE INTO case_at_hand SELECT new.person, c.state, c.last_at, c.id, c.kind
                FROM case_file AS c WHERE c.id = new."case";
        END;
        CREATE TRIGGER hand_left AFTER DELETE ON case_handler BEGIN
            DELETE FROM case_at_hand WHERE person = old.person AND "case" = old."case"
                AND (state, last_at) = (SELECT c.state, c.last_at FROM case_file AS c WHERE c.id = old."case");
        END;
        CREATE TRIGGER hand_moved AFTER UPDATE OF state, last_at, kind ON case_file BEGIN
            DELETE FROM case_at_hand WHERE state = old.state AND last_at = old.last_at AND "case" = old.id
                AND person IN (SELECT h.person FROM case_handler AS h WHERE h."case" = old.id);
            INSERT OR REPLACE INTO case_at_hand SELECT h.person, new.state, new.last_at, new.id, new.kind
                FROM case_handler AS h WHERE h."case" = new.id;
        END;

        CREATE TABLE document_waiting (
            kind TEXT NOT NULL,
            fixed_at INTEGER NOT NULL,
            id BLOB NOT NULL,
            case_thread BLOB NOT NULL,
            open_slots TEXT NOT NULL,
            PRIMARY KEY (kind, fixed_at, id)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX document_waiting_by_case ON document_waiting (case_thread);
        INSERT INTO document_waiting SELECT d.kind, d.fixed_at, d.id, d.case_thread, d.open_slots
            FROM document AS d CROSS JOIN case_file AS c ON c.thread = d.case_thread
            WHERE d.state = 'fixed' AND c.state <> 'filed';
        CREATE TRIGGER document_waits AFTER INSERT ON document WHEN new.state = 'fixed' BEGIN
            INSERT OR REPLACE INTO document_waiting
                SELECT new.kind, new.fixed_at, new.id, new.case_thread, new.open_slots
                FROM case_file AS c WHERE c.thread = new.case_thread AND c.state <> 'filed';
        END;
        CREATE TRIGGER document_waits_again AFTER UPDATE ON document BEGIN
            DELETE FROM document_waiting WHERE kind = old.kind AND fixed_at = old.fixed_at AND id = old.id;
            INSERT OR REPLACE INTO document_waiting
                SELECT new.kind, new.fixed_at, new.id, new.case_thread, new.open_slots
                FROM case_file AS c WHERE c.thread = new.case_thread AND c.state <> 'filed' AND new.state = 'fixed';
        END;
        CREATE TRIGGER document_waits_no_more AFTER DELETE ON document BEGIN
            DELETE FROM document_waiting WHERE kind = old.kind AND fixed_at = old.fixed_at AND id = old.id;
        END;
        CREATE TRIGGER case_filed AFTER UPDATE OF state ON case_file
            WHEN (old.state = 'filed') <> (new.state = 'filed') BEGIN
            DELETE FROM document_waiting WHERE case_thread = new.thread;
            INSERT INTO document_waiting SELECT d.kind, d.fixed_at, d.id, d.case_thread, d.open_slots
                FROM document AS d WHERE d.case_thread = new.thread AND +d.state = 'fixed' AND new.state <> 'filed';
        END;
        CREATE TRIGGER case_begun AFTER INSERT ON case_file BEGIN
            DELETE FROM document_waiting WHERE case_thread = new.thread;
            INSERT INTO document_waiting SELECT d.kind, d.fixed_at, d.id, d.case_thread, d.open_slots
                FROM document AS d WHERE d.case_thread = new.thread AND +d.state = 'fixed' AND new.state <> 'filed';
        END;
        CREATE TRIGGER case_gone AFTER DELETE ON case_file BEGIN
            DELETE FROM document_waiting WHERE case_thread = old.thread;
        END;
        """
}
