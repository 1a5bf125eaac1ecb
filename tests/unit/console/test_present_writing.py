"""What was said before, and what is asked for, as lines."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from supporttui.console.present.checklist import checklist, tick
from supporttui.console.present.conversation import conversation
from supporttui.console.present.setting import ASCII, UNICODE, Setting
from supporttui.console.present.spans import line_width, plain
from supporttui.store.records import JournalEntry, Ticket

NOW = datetime(2026, 11, 20, 20, 46, tzinfo=UTC)
TICKET = Ticket(
    number=7, subject="it\x1b[31m fails", severity=2, status="open", contact="J. Ortiz",
    reported_at=NOW, created_at=NOW, updated_at=NOW,
)  # fmt: skip


def entry(kind: str, text: str, *, id: int = 1) -> JournalEntry:
    at = NOW - timedelta(minutes=10 - id)
    return JournalEntry(id=id, ticket=7, version=id, at=at, recorded_at=at, actor="ana", kind=kind, text=text)


def said(entries: list[JournalEntry], cells: int = 60, **options: object) -> list[str]:
    lines = conversation(TICKET, entries, cells, Setting(zone=UTC), NOW, **options)  # type: ignore[arg-type]
    assert all(line_width(one) <= cells for one in lines)
    return [plain(one).rstrip() for one in lines]


def test_public_entries_by_who_and_when_and_notes_only_where_they_are_wanted():
    entries = [entry("note", "secret", id=3), entry("reply", "hello", id=2), entry("severity", "", id=1)]
    assert said(entries) == ["20:38 ana → customer", "  hello", ""]
    assert said(entries, internal=True)[:2] == ["20:39 ana ▪ note (internal)", "  secret"]


def test_what_was_taken_back_is_not_told_and_nothing_is_said_so():
    assert said([entry("note", "x")], internal=True, undone=frozenset({1})) == ["nothing was said yet"]


def test_a_report_without_words_is_told_by_its_subject_and_controls_are_marks():
    lines = said([entry("reported", "")])
    assert lines[0] == "20:37 J. Ortiz ← reported" and "\x1b" not in lines[1] and "fails" in lines[1]


def test_a_very_long_entry_is_cut_with_a_word_about_the_rest():
    lines = said([entry("customer", "\n".join(f"line {at}" for at in range(5000)))])
    assert len(lines) < 210 and any("the ticket shows the rest" in one for one in lines)


def test_the_count_the_remark_and_what_is_missing_never_wider_than_there_is_room():
    labels = {"a": "Customer", "b": "Telephone", "c": "System"}
    have = {"a": True, "b": False, "c": False}
    for cells in (20, 40, 72, 200):
        lines = checklist(have, labels, "it may be sent so", cells, UNICODE)
        assert len(lines) <= 3 and all(line_width(one) <= cells for one in lines)
    (one,) = checklist(have, labels, "it may be sent so", 100, UNICODE)
    assert plain(one).rstrip() == "· 1 of 3 asked for; it may be sent so; missing: Telephone, System"


def test_all_there_and_nothing_asked_for():
    (one,) = checklist({"a": True}, {"a": "Customer"}, "never said", 60, UNICODE)
    assert plain(one).rstrip() == "✓ 1 of 1 asked for, nothing is missing"
    assert checklist({}, {}, "", 60, UNICODE) == []


def test_signs_of_their_own_without_unicode():
    assert (tick(True, ASCII), tick(False, ASCII)) == ("x", ".")
