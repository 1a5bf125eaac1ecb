"""Full text over subjects, descriptions and journal texts, kept in step by triggers.

SQLite: FTS5 tables that hold only the index; the words stay in their own tables.
PostgreSQL: generated tsvector columns under GIN.  Both split at every non-letter and
ignore case and diacritics, so that one query finds the same on either.
"""

from __future__ import annotations

_SQLITE = (
    """CREATE VIRTUAL TABLE ticket_words USING fts5(subject, description, content='ticket',
        content_rowid='number', tokenize='unicode61 remove_diacritics 2')""",
    """CREATE VIRTUAL TABLE journal_words USING fts5(text, content='journal',
        content_rowid='id', tokenize='unicode61 remove_diacritics 2')""",
    """CREATE TRIGGER ticket_words_insert AFTER INSERT ON ticket BEGIN
        INSERT INTO ticket_words (rowid, subject, description)
        VALUES (NEW.number, NEW.subject, NEW.description); END""",
    """CREATE TRIGGER ticket_words_update AFTER UPDATE OF subject, description ON ticket BEGIN
        INSERT INTO ticket_words (ticket_words, rowid, subject, description)
        VALUES ('delete', OLD.number, OLD.subject, OLD.description);
        INSERT INTO ticket_words (rowid, subject, description)
        VALUES (NEW.number, NEW.subject, NEW.description); END""",
    """CREATE TRIGGER ticket_words_delete AFTER DELETE ON ticket BEGIN
        INSERT INTO ticket_words (ticket_words, rowid, subject, description)
        VALUES ('delete', OLD.number, OLD.subject, OLD.description); END""",
    """CREATE TRIGGER journal_words_insert AFTER INSERT ON journal WHEN NEW.text <> '' BEGIN
        INSERT INTO journal_words (rowid, text) VALUES (NEW.id, NEW.text); END""",
    "INSERT INTO ticket_words (ticket_words) VALUES ('rebuild')",
    "INSERT INTO journal_words (rowid, text) SELECT id, text FROM journal WHERE text <> ''",
)

# Everything in ASCII that is neither letter nor digit parts words, as FTS5's tokenizer has it;
# PostgreSQL's own parser would keep host names, versions and paths in one piece.
_POSTGRES = (
    """CREATE FUNCTION supporttui_plain(raw text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $body$
        SELECT lower(regexp_replace(regexp_replace(normalize(raw, NFD), '[\\u0300-\\u036f]', '', 'g'),
            '[\\x01-\\x2f\\x3a-\\x40\\x5b-\\x60\\x7b-\\x7f]+', ' ', 'g')) $body$""",
    """ALTER TABLE ticket ADD COLUMN words tsvector GENERATED ALWAYS AS
        (to_tsvector('simple', supporttui_plain(left(subject || ' ' || description, 200000)))) STORED""",
    """ALTER TABLE journal ADD COLUMN words tsvector GENERATED ALWAYS AS
        (to_tsvector('simple', supporttui_plain(left(text, 200000)))) STORED""",
    "CREATE INDEX ticket_words ON ticket USING gin (words)",
    "CREATE INDEX journal_words ON journal USING gin (words)",
)


def statements(dialect: str) -> tuple[str, ...]:
    """The step's SQL for "sqlite" or "postgresql"."""
    return _SQLITE if dialect == "sqlite" else _POSTGRES
