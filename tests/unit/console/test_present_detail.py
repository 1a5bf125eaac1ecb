"""The ticket as lines: public and internal by glyph and word, newest first, long histories in pages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from supporttui.console.present import detail, journal
from supporttui.console.present.detail import Subject
from supporttui.console.present.journal import ALL, FOLDED, Level
from supporttui.console.present.setting import Setting
from supporttui.console.present.spans import line_width, plain
from supporttui.console.present.wrap import wrap
from supporttui.store.records import DeadlineLine, Draft, JournalEntry, Ticket
from supporttui.terminal.safe import width

NOW = datetime(2026, 11, 20, 20, 46, tzinfo=UTC)
SETTING = Setting(actor="ana", severities={1: "System down"})


def ticket(**more) -> Ticket:
    values = {
        "number": 1042, "subject": "NETEX crashes", "severity": 1, "status": "open", "owner": "ana",
        "customer": "Acme Corp", "site": "0417", "contact": "J. Ortiz", "channel": "phone",
        "description": "The region abends.", "reported_at": NOW - timedelta(hours=8, minutes=12),
        "created_at": NOW, "updated_at": NOW,
    }  # fmt: skip
    return Ticket(**{**values, **more})


def entry(kind: str, **more) -> JournalEntry:
    values = {
        "id": 1,
        "ticket": 1042,
        "version": 1,
        "at": NOW,
        "recorded_at": NOW,
        "actor": "ana",
        "kind": kind,
    }
    return JournalEntry(**{**values, **more})


def text(subject: Subject, cells: int = 70, level: Level = ALL) -> str:
    return "\n".join(plain(line) for line in detail.lines(subject, cells, SETTING, NOW, level=level))


def test_the_facts_are_there_in_words():
    shown = text(Subject(ticket()))
    for words in (
        "NETEX crashes",
        "1 System down",
        "open",
        "ana",
        "reported 8 h 12 m ago, phone",
        "Acme Corp, site 0417",
    ):
        assert words in shown


def test_at_40_columns_nothing_of_the_head_is_cut_off():
    full = ticket(
        subject="NETEX crashes when starting on the second machine after the weekend's change",
        contact_phone="+1 612 555 0142 ext. 77", contact_email="j.ortiz@a-long-name-of-a-customer.example",
        product="USER-Access", release="7.1.2", os="z/OS", os_release="3.1", environment="production", plan="premium",
        status="waiting-customer", owner="konstantina", acknowledged_until=NOW + timedelta(hours=1),
        tags=("urgent", "dump", "weekend"),
    )  # fmt: skip
    clock = DeadlineLine(
        ticket=1042, key="a", kind="escalation", role="r", level=1, severity=1, state="armed",
        label="Director of Customer Services", due_at=NOW + timedelta(minutes=41),
    )  # fmt: skip
    draft = Draft(actor="ana", ticket=1042, kind="reply", body="…", updated_at=NOW)
    lines = list(detail.head(Subject(full, deadlines=[clock]), 40, SETTING, NOW, [draft]))
    assert all(line_width(line) <= 40 for line in lines)
    facts = " ".join(plain(line).strip() for line in lines).split("── Clocks")[0]
    assert "…" not in facts
    for words in (
        "1 System down", "waiting-customer", "konstantina", "Acme Corp, site 0417", "J. Ortiz", "+1 612 555 0142 ext. 77",
        "USER-Access 7.1.2", "z/OS 3.1", "production", "plan premium", "next update promised by 21:46",
        "next deadline in 41 m, 21:27: Director of Customer Services", "unsent reply of yours, 20:46",
        "after the weekend's change", "tags urgent dump weekend", "j.ortiz@a-long-name-of-a-customer",
    ):  # fmt: skip
        assert words in facts, facts


def test_changes_in_a_row_stand_in_one_line_and_unfold_into_theirs():
    changes = [
        entry("status", id=3, at=NOW, data={"set": {"status": ["new", "open"]}}),
        entry("severity", id=2, at=NOW - timedelta(minutes=2), data={"set": {"severity": [3, 1]}}),
        entry(
            "owner", id=1, at=NOW - timedelta(minutes=2), actor="raj", data={"set": {"owner": ["", "raj"]}}
        ),
    ]
    folded = text(Subject(ticket(), changes), level=FOLDED)
    assert "ana · severity 3 → 1, status new → open" in folded
    assert "raj · owner none → raj" in folded
    assert "20:44 severity 3 → 1" in text(Subject(ticket(), changes), level=ALL)
    undone = text(Subject(ticket(), changes, undone=frozenset({3})), level=FOLDED)
    assert "status new → open (undone)" in undone and "severity 3 → 1," not in undone


def test_what_was_not_seen_is_never_in_one_line_with_what_was():
    changes = [
        entry("status", id=3, data={"set": {"status": ["new", "open"]}}),
        entry("severity", id=2, data={"set": {"severity": [3, 1]}}),
    ]
    blocks = journal.grouped(changes, frozenset(), 2)
    assert [[one.id for one in block] for block in blocks] == [[3], [2]]


def test_a_long_change_is_not_cut_short_but_takes_more_lines():
    changed = entry(
        "fields", data={"set": {"contact": ["Jane Ortiz", "Konstantina P."], "site": ["0417", "0418"]}}
    )
    shown = text(Subject(ticket(), [changed]), 44)
    assert "0417 → 0418" in " ".join(shown.split()) and "…" not in shown.split("Journal")[1]


def test_a_long_value_is_folded_and_can_be_read_in_full():
    changed = entry("fields", data={"set": {"description": ["short", "word " * 100 + "END"]}})
    assert "END" not in text(Subject(ticket(), [changed]), level=FOLDED)
    assert "END" in text(Subject(ticket(), [changed]), level=ALL)


def test_files_that_came_with_an_entry_have_a_line():
    came = entry(
        "customer",
        text="See the dump.",
        data={"attachments": [{"name": "dump.bin", "size": 12_345}, "x\x1b[2J"]},
    )
    shown = text(Subject(ticket(), [came]))
    assert "attached: dump.bin, 12.3 kB" in shown and "attached: x␛[2J" in shown


def test_public_and_internal_differ_by_glyph_and_word():
    journal = [
        entry("reply", text="Next update by 15:30.", public=True),
        entry("note", text="S0C4 in the subtask."),
        entry("customer", text="It is down again.", public=True),
    ]
    shown = text(Subject(ticket(), journal))
    assert "→ reply to the customer (public)" in shown
    assert "▪ note (internal)" in shown
    assert "← customer wrote (public)" in shown
    assert shown.index("Next update") < shown.index("S0C4") < shown.index("down again")


def test_the_description_is_shown_once():
    reported = entry("reported", text="")
    assert text(Subject(ticket(), [reported])).count("The region abends.") == 1
    assert (
        text(Subject(ticket(), [entry("reported", text="The region abends.")])).count("The region abends.")
        == 1
    )
    assert text(Subject(ticket(), [])).count("The region abends.") == 1


def test_a_change_says_from_what_to_what_and_an_undone_one_says_so():
    changed = entry("severity", id=7, data={"set": {"severity": [3, 1]}})
    shown = text(Subject(ticket(), [changed], undone=frozenset({7})))
    assert "severity 3 → 1 (undone)" in shown


def test_what_the_clock_did_names_whom_it_told_and_how_late():
    fired = entry(
        "escalated", actor="clock", data={"label": "Director of Customer Services", "late_seconds": 7200}
    )
    assert "clock !! escalated to Director of Customer Services, 2 h late" in text(
        Subject(ticket(), [fired]), 90
    )
    by_hand = entry("escalated", data={"role": "director", "by": "hand"})
    assert "escalated to director, by hand" in text(Subject(ticket(), [by_hand]), 90)


def test_clocks_that_are_over_or_void_are_told_apart():
    common = {"ticket": 1042, "kind": "escalation", "role": "r", "level": 1, "severity": 1}
    deadlines = [
        DeadlineLine(**common, key="a", label="Director", due_at=NOW - timedelta(hours=1), state="fired"),
        DeadlineLine(**common, key="b", label="President", due_at=NOW + timedelta(hours=1), state="armed"),
        DeadlineLine(**common, key="c", label="Nobody", due_at=NOW, state="void"),
        DeadlineLine(**common, key="d", label="Owner", due_at=NOW, state="paused", remaining=3600),
    ]
    shown = text(Subject(ticket(), deadlines=deadlines))
    assert "!! Director" in shown and "told, due" in shown
    assert "Nobody" not in shown
    assert "paused, 1 h left" in shown


# Emoji younger than this Python are let through by design and are not "printable" to it.
hostile = st.text(alphabet=st.characters(exclude_categories=("Cs", "Cn")), max_size=200)


@given(hostile, hostile, hostile, st.integers(20, 120))
def test_whatever_a_stranger_wrote_no_line_is_wider_or_holds_a_control(subject, body, name, cells):
    shown = detail.lines(
        Subject(
            ticket(subject=subject, customer=name, contact=body, tags=(name,)),
            [entry("note", text=body, actor=name), entry("owner", data={"set": {"owner": [name, body]}})],
        ),
        cells,
        SETTING,
        NOW,
    )
    for line in shown:
        assert plain(line).isprintable()
        assert line_width(line) <= cells, plain(line)


@given(st.text(alphabet="ab \n日é", max_size=200), st.integers(4, 40))
def test_wrapping_loses_no_word_and_keeps_to_the_width(body, cells):
    lines = list(wrap(body, cells))
    assert all(width(line) <= cells for line in lines)
    assert "".join("".join(lines).split()) == "".join(body.split())


def test_blanks_before_a_wide_sign_make_no_line_too_wide():
    assert list(wrap("   日", 4)) == ["  日"]


def test_wrapping_keeps_indentation_of_a_log():
    assert list(wrap("  at one two three four", 14)) == ["  at one two", "  three four"]


def test_the_end_of_a_ticket_and_a_snooze_are_said_in_their_own_words():
    ended = entry(
        "resolved",
        data={"set": {"resolved_at": [None, "2026-11-20T20:46:00Z"], "status": ["open", "resolved"]}},
    )
    shown = text(Subject(ticket(), [ended]), 90)
    assert "resolved: status open → resolved" in shown and "resolved at" not in shown
    aside = entry("snoozed", data={"set": {"snoozed_until": [None, "2026-11-21T14:00:00Z"]}})
    assert "put aside until Sat 21 Nov 2026" in text(Subject(ticket(), [aside]), 90)
    back = entry("snoozed", data={"set": {"snoozed_until": ["2026-11-21T14:00:00Z", None]}})
    assert "back in the working views" in text(Subject(ticket(), [back]), 90)
