extension SQLiteSchema {
    /// Reports of what was listened to, one for each month, as they were made: none is ever changed.
    static let reports = """
        CREATE TABLE report (
            month TEXT NOT NULL PRIMARY KEY CHECK (length(month) = 7),
            mode TEXT NOT NULL CHECK (mode IN ('k', 'dp')),
            document TEXT NOT NULL,
            made INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TRIGGER report_changed BEFORE UPDATE ON report BEGIN SELECT raise(ABORT, 'a report is never changed'); END;
        CREATE TRIGGER report_removed BEFORE DELETE ON report BEGIN SELECT raise(ABORT, 'a report is never removed'); END;
        """
}
