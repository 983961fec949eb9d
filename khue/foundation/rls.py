"""Row-level security, written in migrations by one helper so that every table's policy reads the same."""

from django.db.migrations import RunSQL

#: True where the row's organisation lies in the scope of this transaction. Both parts are evaluated once a statement.
IN_SCOPE = "((SELECT khue_scope_is_all()) OR {column} = ANY ((SELECT khue_scope())::bigint[]))"

HIDE_PARTITIONS = """
        DO $$ DECLARE part regclass; BEGIN
            FOR part IN SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent = '{table}'::regclass LOOP
                EXECUTE format('REVOKE ALL ON %s FROM khue_app', part);
            END LOOP;
        END $$;"""


def protect(table: str, column: str = "organisation_id", *, also_readable: str = "", also_writable: str = "") -> RunSQL:
    """A migration operation: rows of `table` exist only for transactions whose scope holds their organisation.

    column         the column that names the organisation
    also_readable  an SQL condition that opens further rows for reading ("is_public")
    also_writable  an SQL condition that opens further rows for writing

    The policies hold for statements on the table itself. A partition has none, so the application loses every right on
    partitions that exist; one made later must be made by the owner with REVOKE ALL ... FROM khue_app beside it.
    """
    inside = IN_SCOPE.format(column=f"{table}.{column}")
    readable = f"({inside} OR ({also_readable}))" if also_readable else inside
    writable = f"({inside} OR ({also_writable}))" if also_writable else inside
    hide_partitions = HIDE_PARTITIONS.format(table=table)
    return RunSQL(
        f"""
        ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
        CREATE POLICY scope_select ON {table} FOR SELECT USING ({readable});
        CREATE POLICY scope_insert ON {table} FOR INSERT WITH CHECK ({writable});
        CREATE POLICY scope_update ON {table} FOR UPDATE USING ({writable}) WITH CHECK ({writable});
        CREATE POLICY scope_delete ON {table} FOR DELETE USING ({writable});
        {hide_partitions}
        """,
        f"""
        DROP POLICY scope_select ON {table}; DROP POLICY scope_insert ON {table};
        DROP POLICY scope_update ON {table}; DROP POLICY scope_delete ON {table};
        ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
        """,
    )
