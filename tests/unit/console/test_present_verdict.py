"""The verdict in a line and as a page: by sign and word, in few cells, inert whatever is on file."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supporttui.console.present import detail, reasoning
from supporttui.console.present import verdict as owed
from supporttui.console.present.detail import Subject
from supporttui.console.present.setting import ASCII, UNICODE, Setting
from supporttui.console.present.spans import line_width, plain
from supporttui.console.present.verdict import MANNERS, Closed
from supporttui.console.theme_file import ROLES
from supporttui.desk.reasoning import Hours, Promise, Reasoning
from supporttui.policy.verdict import Ground, Verdict
from supporttui.store.records import DeadlineLine, Ticket

ROOT = Path(__file__).resolve().parents[3]
NOW = datetime(2026, 11, 20, 20, 46, tzinfo=UTC)
TODAY = date(2026, 11, 20)
CHICAGO = ZoneInfo("America/Chicago")
SETTING = Setting(actor="ana", zone=CHICAGO, vendor_zone=CHICAGO, after_hours="+1.651.229.5665")
PLAIN = Setting(actor="ana", zone=CHICAGO, vendor_zone=CHICAGO, glyphs=ASCII)
PACKAGE = Ground(
    rule="package",
    coverage="covered",
    clause="Support and maintenance package",
    text="SMP, two years",
    facts=(("contract", "K-1"), ("plan", "smp-2")),
    until=date(2027, 2, 28),
    then="uncovered",
)
COVERED = Verdict(
    coverage="covered", title="covered", ground=PACKAGE, grounds=(PACKAGE,), plan="smp-2", day=TODAY,
    zone="America/Chicago", changes_on=date(2027, 3, 1), becomes="uncovered",
)  # fmt: skip
OLD = Ground(
    rule="previous version", coverage="billable", clause="Old product versions",
    text="version 7.1 is past its 180 days since 3 Mar",
)  # fmt: skip
BILLABLE = Verdict(
    coverage="billable", title="billable", billed="time and materials", ground=OLD, day=TODAY, zone="UTC"
)
CLASH = Ground(
    rule="conflict", coverage="covered", clause="CAM and USER-Access",
    text="CAM and USER-Access must not run at the same time on ZOS1", advice=True, loud=True,
)  # fmt: skip


def verdict(coverage: str, text: str = "why it is so", **more) -> Verdict:
    ground = Ground(rule="r", coverage=coverage, clause="c", text=text)  # type: ignore[arg-type]
    return Verdict(coverage=coverage, title=coverage, ground=ground, day=TODAY, zone="UTC", **more)  # type: ignore[arg-type]


def one_line(found: Verdict, cells: int = 100, glyphs=UNICODE) -> str:
    return " ".join(plain(line).strip() for line in owed.lines(found, cells, glyphs))


def ticket(**more) -> Ticket:
    values = {
        "number": 1042, "subject": "NETEX crashes", "severity": 2, "status": "open", "customer": "Acme Corp",
        "reported_at": NOW - timedelta(hours=1), "created_at": NOW, "updated_at": NOW,
    }  # fmt: skip
    return Ticket(**{**values, **more})


# -- the line -------------------------------------------------------------------------------------


def test_the_line_says_verdict_reason_and_last_day():
    assert one_line(COVERED) == "✓ covered · SMP, two years, until 28 Feb 2027"


def test_how_work_is_charged_is_said_once():
    shown = "! billable: time and materials · version 7.1 is past its 180 days since 3 Mar"
    assert one_line(BILLABLE) == shown
    assert one_line(verdict("consulting", "", billed="product consulting")) == "! product consulting"


def test_what_is_unclear_says_what_is_missing_and_refuses_nothing():
    assert one_line(verdict("unclear", "no licence on file")) == "? unclear: no licence on file"


def test_a_last_day_that_the_words_name_is_not_named_again():
    told = verdict("covered", "free until 5 Dec", changes_on=date(2026, 12, 6))
    assert one_line(told) == "✓ covered · free until 5 Dec"


@pytest.mark.parametrize("glyphs", [UNICODE, ASCII], ids=["unicode", "ascii"])
def test_every_verdict_has_its_own_words_and_a_role_that_themes_know(glyphs):
    shown = {one_line(verdict(coverage, ""), glyphs=glyphs) for coverage in MANNERS}
    assert len(shown) == len(MANNERS) == 6
    assert {found.role for found in MANNERS.values()} <= set(ROLES)


def test_without_unicode_there_is_only_ascii():
    assert one_line(COVERED, glyphs=ASCII) == "+ covered - SMP, two years, until 28 Feb 2027"
    assert one_line(verdict("uncovered"), glyphs=ASCII).startswith("- not covered")


def test_it_takes_two_lines_at_most_and_says_that_there_is_more():
    long = verdict("billable", "a reason with many words in it " * 9, billed="time and materials")
    lines = [plain(line) for line in owed.lines(long, 40, UNICODE)]
    assert len(lines) == 2 and lines[1].endswith("…") and lines[1].startswith("  ")
    assert all(line_width(line) <= 40 for line in owed.lines(long, 40, UNICODE))


def test_only_the_verdict_itself_is_coloured():
    (line,) = owed.lines(BILLABLE, 100, UNICODE)
    assert [span.role for span in line] == ["warning", "warning", ""]


# -- in the detail --------------------------------------------------------------------------------


def head(subject: Subject, cells: int = 78, setting: Setting = SETTING, closed: Closed | None = None) -> str:
    return "\n".join(plain(line) for line in detail.head(subject, cells, setting, NOW, (), closed))


def test_the_detail_shows_it_below_severity_and_owner():
    shown = head(Subject(ticket(), verdict=COVERED)).split("\n")
    at = next(place for place, text in enumerate(shown) if "covered" in text)
    assert "open" in shown[at - 1] and "Acme Corp" in shown[at + 1]


def test_a_desk_without_a_book_has_no_line():
    assert not any(found.word in head(Subject(ticket())) for found in MANNERS.values())


def test_subject_severity_and_deadline_come_first_then_what_is_loud():
    loud = Verdict(coverage="covered", title="", ground=PACKAGE, advice=(CLASH,), day=TODAY, zone="UTC")
    due = DeadlineLine(ticket=1, key="d", kind="escalation", role="director", level=1, subject="slow", severity=2, due_at=NOW + timedelta(minutes=34), state="armed", label="Director")  # fmt: skip
    shown = head(Subject(ticket(), deadlines=(due,), verdict=loud)).split("\n")
    wanted = (
        ticket().subject,
        "2",
        "next deadline in 34 m",
        "!! CAM and USER-Access must not run",
        "✓ covered",
    )
    lines = [text for text in shown if text]
    assert all(words in text for words, text in zip(wanted, lines, strict=False)), lines


def test_what_is_covered_less_than_in_full_says_so_once():
    new = Ground(
        rule="os", coverage="covered", clause="c",
        text="z/OS 3.2 is new: access since 2026-10-05, best effort to 2027-04-03",
    )  # fmt: skip
    found = Verdict(
        coverage="covered", title="Covered, best effort", effort="best effort", ground=new, day=TODAY,
        zone="UTC", changes_on=date(2027, 4, 4), becomes="uncovered",
    )  # fmt: skip
    assert owed.words(found, UNICODE) == (
        "covered, best effort · z/OS 3.2 is new: access since 5 Oct to 3 Apr 2027"
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("noted on 2026-09-06.", "noted on 6 Sep 2026."),
        ("SMP-2026-09-06 to 2026-02-30", "SMP-2026-09-06 to 2026-02-30"),
    ],
)
def test_days_are_told_as_people_read_them(text: str, told: str):
    assert owed.dated(text) == told


def test_a_closed_desk_says_until_when_and_whom_to_call():
    closed = Closed(datetime(2026, 11, 23, 14, 0, tzinfo=UTC), "+1.651.229.5665")
    shown = head(Subject(ticket()), closed=closed)
    assert "closed for severity 2 until Mon 08:00 CST; after hours call +1.651.229.5665" in shown
    assert "closed" not in head(Subject(ticket()))


def test_a_desk_that_never_opens_names_no_time():
    assert "closed for severity 2; after hours" in head(Subject(ticket()), closed=Closed(None, "1"))
    assert "after hours" not in head(Subject(ticket()), closed=Closed(None, ""))


# -- the page -------------------------------------------------------------------------------------


def page(found: Verdict = COVERED, cells: int = 80, setting: Setting = SETTING, **more) -> str:
    values = {
        "at": NOW, "ticket": ticket(), "verdict": found, "hours": Hours(is_open=True), "plan": "SMP, two years",
        "plan_now": "SMP, two years",
        "vendor_zone": "America/Chicago", "ladder": "escalation table",
        "targets": (Promise("response", "4 business hours", "first answer"),),
        "rungs": (Promise("Director", "3 days"), Promise("President", "7 days")),
    }  # fmt: skip
    lines = list(reasoning.lines(Reasoning(**{**values, **more}), cells, setting))
    assert all(line_width(line) <= cells for line in lines)
    return "\n".join(plain(line).rstrip() for line in lines)


def test_the_page_tells_clause_facts_end_and_what_comes_then():
    shown = page()
    for words in (
        "✓ covered",
        "Support and maintenance package",
        "contract: K-1",
        "Sun 28 Feb 2027, that day included; from Mon 1 Mar 2027: not covered",
        "for Fri 20 Nov 2026, by the days of America/Chicago",
        "SMP, two years",
        "response within 4 business hours",
        "3 days: Director, 7 days: President",
        "the desk works on severity 2 now",
    ):
        assert words in shown, shown


def test_a_plan_that_is_another_by_now_is_told_beside_the_tickets():
    assert "a ticket of today would get SMP, one year" in page(plan_now="SMP, one year")
    assert "a ticket of today" not in page()


def test_the_customers_time_stands_beside_the_desks_where_it_differs():
    assert "Fri 20 Nov 2026 20:46 GMT, Europe/London" in page(customer_zone="Europe/London")
    assert "customer " not in page(customer_zone="America/Chicago")
    assert "it is a day later there" in page(customer_zone="Asia/Tokyo")
    assert "no such zone" in page(customer_zone="Mars/Base")


def test_what_is_missing_says_where_to_enter_it():
    wanted = {
        "a licence of Acme Corp for HyperIP": "supporttui licence add",
        "the release": "e on the ticket",
        "release HyperIP 7.1 in the book": "supporttui release add",
        "Acme Corp in the book": "supporttui customer add",
        "HyperIP in the book": "supporttui product add",
        "z/OS 3.1 in the book": "supporttui os add",
        "when HyperIP 7.2, which follows HyperIP 7.1, was released": "supporttui release set",
        "when the team got access to z/OS 3.1": "supporttui os set",
        "when licence L-1 was shipped": "supporttui licence set",
    }
    for missing, where in wanted.items():
        told = reasoning.enter_where(missing, ticket(product="HyperIP"))
        assert where in told, missing
    found = verdict("unclear", "no licence on file", missing=tuple(wanted))
    shown = page(found, ticket=ticket(product="HyperIP"))
    assert all(where in shown for where in wanted.values())


def test_everything_that_decide_can_miss_has_a_place():
    """The words come from the policy's own code: what is called missing there must be found here."""
    found = set()
    for name in ("entitling_bases", "entitling_limits"):
        source = (ROOT / "supporttui" / "policy" / f"{name}.py").read_text()
        found |= set(
            re.findall(
                r'(?:lacking\([^"]*|_none_on_file\([^"]*|return |wanted = )f?"((?:the|a|when|release) [^"]*)"',
                source,
            )
        )
    assert len(found) >= 8, found
    for words in found:
        example = re.sub(r"\{[^}]*\}", "X", words)
        assert reasoning.enter_where(example, ticket()), words


def test_other_grounds_and_advice_keep_clause_and_end():
    found = Verdict(
        coverage="billable",
        title="",
        ground=OLD,
        grounds=(OLD, PACKAGE),
        advice=(CLASH,),
        day=TODAY,
        zone="UTC",
    )
    shown = page(found)
    assert shown.startswith("! billable") and shown.count("CAM and USER-Access must not") == 1
    assert "clause: CAM and USER-Access" in shown
    assert "✓ covered: SMP, two years" in shown and "until Sun 28 Feb 2027, then not covered" in shown


def test_a_closed_desk_gives_number_note_and_the_customers_clock():
    opens = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
    shown = page(
        hours=Hours(is_open=False, until=opens, phone="+1.651.229.5665", note="An analyst answers."),
        customer_zone="Europe/London",
    )
    assert "after hours call +1.651.229.5665" in shown and "An analyst answers." in shown
    assert "at the customer's Mon 23 Nov 2026 14:00 GMT" in " ".join(shown.split())
    assert shown.count("after hours") == 1


HOSTILE = st.text(alphabet=st.sampled_from("a\x1b[31m\x07‮​‍\n\r\té界👩‍🦰[red]\x9b "), min_size=1, max_size=60)


@settings(max_examples=40, deadline=None)
@given(HOSTILE, HOSTILE, st.integers(20, 100))
def test_nothing_on_file_gets_at_the_terminal(text: str, clause: str, cells: int):
    ground = Ground(
        rule=clause, coverage="covered", clause=clause, text=text, facts=((text, clause),), advice=True,
        loud=True,
    )  # fmt: skip
    found = Verdict(
        coverage="covered", title=text, billed=clause, ground=ground, grounds=(ground, PACKAGE), advice=(ground,),
        day=TODAY, zone=text, missing=(text,),
    )  # fmt: skip
    shown = Reasoning(
        at=NOW, ticket=ticket(subject=text), verdict=found, hours=Hours(is_open=False, phone=text, note=clause),
        plan=text, targets=(Promise(text, clause, text),), ladder=clause, rungs=(Promise(text, clause),),
        vendor_zone=clause, customer_zone=text,
    )  # fmt: skip
    lines = [*reasoning.lines(shown, cells, SETTING), *owed.lines(found, cells, UNICODE)]
    lines += [*owed.warnings(found, cells, PLAIN.glyphs)]
    lines += [*owed.hours_lines(3, Closed(None, text), cells, SETTING, NOW)]
    for line in lines:
        assert line_width(line) <= cells
        assert not any(ord(char) < 32 or 0x7F <= ord(char) < 0xA0 or char in "‮​" for char in plain(line))
