extension LedgerSchema {
    /// How many obligations are open for whom, by the days on which their terms end and on which they are late: totals of
    /// a bureau are sums over days. A term that never ends has the day of 2^63-1. The index that totals of an office were
    /// counted by goes. An obligation is put with REPLACE, which fires no delete trigger: what stood there is taken off before.
    static let totals = """
        DROP INDEX obligation_late_by_who;

        CREATE TABLE obligation_count (
            who TEXT NOT NULL,
            due_day INTEGER NOT NULL,
            late_day INTEGER NOT NULL,
            n INTEGER NOT NULL,
            PRIMARY KEY (who, due_day, late_day)
        ) STRICT, WITHOUT ROWID;
        INSERT INTO obligation_count
            SELECT who, ifnull(due, 9223372036854775807) / 86400000, ifnull(late_from, 9223372036854775807) / 86400000,
                count(*)
            FROM obligation WHERE state = 'open' GROUP BY 1, 2, 3;
        CREATE TRIGGER obligation_replaced BEFORE INSERT ON obligation BEGIN
            UPDATE obligation_count SET n = n - 1 WHERE (who, due_day, late_day) = (
                SELECT o.who, ifnull(o.due, 9223372036854775807) / 86400000,
                    ifnull(o.late_from, 9223372036854775807) / 86400000
                FROM obligation AS o
                WHERE o.case_thread = new.case_thread AND o.key = new.key AND +o.state = 'open');
        END;
        CREATE TRIGGER obligation_counted AFTER INSERT ON obligation WHEN new.state = 'open' BEGIN
            INSERT INTO obligation_count
                VALUES (new.who, ifnull(new.due, 9223372036854775807) / 86400000,
                    ifnull(new.late_from, 9223372036854775807) / 86400000, 1)
                ON CONFLICT DO UPDATE SET n = n + 1;
        END;
        CREATE TRIGGER obligation_uncounted AFTER DELETE ON obligation WHEN old.state = 'open' BEGIN
            UPDATE obligation_count SET n = n - 1
                WHERE who = old.who AND due_day = ifnull(old.due, 9223372036854775807) / 86400000
                AND late_day = ifnull(old.late_from, 9223372036854775807) / 86400000;
        END;

        CREATE INDEX person_waiting ON person (account_state, name, thread);
        """
}
