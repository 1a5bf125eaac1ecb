"""The watch: who accepted it and when, and who took that back.

Append-only like the journal, and beside it because a watch belongs to no ticket.
"""

from __future__ import annotations

_WORDS = {
    "sqlite": {"serial": "INTEGER PRIMARY KEY AUTOINCREMENT", "int": "INTEGER", "strict": "STRICT"},
    "postgresql": {"serial": "BIGSERIAL PRIMARY KEY", "int": "BIGINT", "strict": ""},
}

_TABLE = """CREATE TABLE watch (
    id {serial},
    at {int} NOT NULL,
    actor TEXT NOT NULL,
    note TEXT NOT NULL DEFAULT '',
    undoes {int} NOT NULL DEFAULT 0
) {strict}"""

_SQLITE = (
    """CREATE TRIGGER watch_no_update BEFORE UPDATE ON watch
        BEGIN SELECT RAISE(ABORT, 'the record of watches is append-only'); END""",
    """CREATE TRIGGER watch_no_delete BEFORE DELETE ON watch
        BEGIN SELECT RAISE(ABORT, 'the record of watches is append-only'); END""",
    """CREATE TRIGGER watch_no_replace BEFORE INSERT ON watch
        WHEN EXISTS (SELECT 1 FROM watch WHERE id = NEW.id)
        BEGIN SELECT RAISE(ABORT, 'the record of watches is append-only'); END""",
)

_POSTGRES = (
    """CREATE FUNCTION supporttui_watch_append_only() RETURNS trigger LANGUAGE plpgsql AS $body$
        BEGIN RAISE EXCEPTION 'the record of watches is append-only'; END $body$""",
    """CREATE TRIGGER watch_append_only BEFORE UPDATE OR DELETE ON watch
        FOR EACH ROW EXECUTE FUNCTION supporttui_watch_append_only()""",
    """CREATE TRIGGER watch_no_truncate BEFORE TRUNCATE ON watch
        FOR EACH STATEMENT EXECUTE FUNCTION supporttui_watch_append_only()""",
)


def statements(dialect: str) -> tuple[str, ...]:
    """The step's SQL for "sqlite" or "postgresql"."""
    return (_TABLE.format(**_WORDS[dialect]), *(_SQLITE if dialect == "sqlite" else _POSTGRES))
