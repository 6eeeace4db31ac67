extension LedgerSchema {
    /// A paper may be drawn up after the file was closed (ADR 0053): whoever signs it finds it like any other.
    ///
    /// A case is filed with no place open, so a filed case has only what came afterwards.
    static let papersAfterFiling = """
        DROP TRIGGER document_waits;
        DROP TRIGGER document_waits_again;
        DROP TRIGGER case_filed;
        DROP TRIGGER case_begun;
        DELETE FROM document_waiting;
        INSERT INTO document_waiting SELECT d.kind, d.fixed_at, d.id, d.case_thread, d.open_slots
            FROM document AS d CROSS JOIN case_file AS c ON c.thread = d.case_thread WHERE d.state = 'fixed';
        CREATE TRIGGER document_waits AFTER INSERT ON document WHEN new.state = 'fixed' BEGIN
            INSERT OR REPLACE INTO document_waiting
                SELECT new.kind, new.fixed_at, new.id, new.case_thread, new.open_slots
                FROM case_file AS c WHERE c.thread = new.case_thread;
        END;
        CREATE TRIGGER document_waits_again AFTER UPDATE ON document BEGIN
            DELETE FROM document_waiting WHERE kind = old.kind AND fixed_at = old.fixed_at AND id = old.id;
            INSERT OR REPLACE INTO document_waiting
                SELECT new.kind, new.fixed_at, new.id, new.case_thread, new.open_slots
                FROM case_file AS c WHERE c.thread = new.case_thread AND new.state = 'fixed';
        END;
        CREATE TRIGGER case_begun AFTER INSERT ON case_file BEGIN
            DELETE FROM document_waiting WHERE case_thread = new.thread;
            INSERT INTO document_waiting SELECT d.kind, d.fixed_at, d.id, d.case_thread, d.open_slots
                FROM document AS d WHERE d.case_thread = new.thread AND +d.state = 'fixed';
        END;
        """
}
