"""The alarm: what rings, when again, what hush and quiet hours hold back, and what the terminal gets."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from supporttui.console import alarm as module
from supporttui.console.alarm import HUSH, Alarm, Plan
from supporttui.store.records import DeadlineLine, TicketLine
from supporttui.terminal import osc
from supporttui.terminal.alarm import Outlet
from supporttui.terminal.quiet import quiet_hours

NOW = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ROLES = {"director": "Director of Customer Services"}


def ticket(number: int, severity: int = 1, *, overdue: bool = False, snoozed: bool = False) -> TicketLine:
    return TicketLine(
        number, severity, "new", "", "Acme", "\x1b]2;evil\a", "", NOW, NOW, None, NOW if overdue else None, False,
        None, NOW + HUSH if snoozed else None, 0, 1,
    )  # fmt: skip


def rung(
    number: int, *, severity: int = 1, key: str = "a", role: str = "director", state: str = "fired"
) -> DeadlineLine:
    return DeadlineLine(
        ticket=number, key=key, kind="escalation", role=role, level=1, label="\x1b[2J", severity=severity,
        due_at=NOW, state=state,
    )  # fmt: skip


class Line:
    """A terminal's line and an alarm on it that has had its first look."""

    def __init__(self, *rows: TicketLine, **plan: Any) -> None:
        self.sent: list[str] = []
        self.told: list[str] = []
        self.now = NOW
        plan.setdefault("roles", ROLES)
        self.alarm = Alarm(self.sent.append, self.told.append, Plan(**plan))
        self.alarm.sees(rows, (), NOW)

    def sees(self, *rows: TicketLine, fired: tuple[DeadlineLine, ...] = (), **more: Any) -> str:
        """What was sent for it."""
        self.sent.clear()
        self.alarm.sees(rows, fired, self.now, **more)
        return "".join(self.sent)

    def after(self, passed: timedelta) -> str:
        self.sent.clear()
        self.now += passed
        self.alarm.beat(self.now)
        return "".join(self.sent)


def test_a_new_severity_1_rings_and_stands_in_the_title():
    line = Line()
    assert line.sent == []
    sent = line.sees(ticket(1042), ticket(7, 2))
    assert sent.startswith(osc.push_title() + osc.title("S1:1 S2:1 1042 7")), (
        "the read is what decides who is loud"
    )
    sent = line.sees(ticket(1042), ticket(1057), ticket(7, 2))
    assert sent == osc.title("S1:2 S2:1 1042 1057 7") + "\a" + osc.notice("Severity 1 new: 1057", "")


def test_the_title_comes_back_when_nothing_rings():
    line = Line(ticket(1042))
    assert line.sent == [osc.push_title() + osc.title("S1:1 1042")]
    assert line.sees() == osc.title("supporttui") + osc.pop_title()
    assert line.sees() == ""


def test_what_was_there_at_the_start_rings_from_the_first_repetition_on():
    line = Line(ticket(1042, overdue=True))
    assert "\a" not in "".join(line.sent)
    assert line.after(59 * MINUTE / 60) == ""
    assert line.after(MINUTE) == "\a"


def test_it_rings_until_it_is_acknowledged():
    line = Line()
    line.sees(ticket(1042))
    assert [line.after(MINUTE) for _ in range(3)] == ["\a"] * 3
    line.sees()
    assert [line.after(MINUTE) for _ in range(3)] == [""] * 3


def test_a_rung_that_fires_rings_with_the_policys_word_for_the_role():
    line = Line(ticket(1042))
    sent = line.sees(ticket(1042, overdue=True), fired=(rung(1042),))
    assert sent == "\a" + osc.notice("Severity 1 escalated: 1042", "Director of Customer Services")
    assert line.sees(ticket(1042, overdue=True), fired=(rung(1042),)) == ""
    assert "\a" in line.sees(ticket(1042, overdue=True), fired=(rung(1042), rung(1042, key="b", role="?")))


def test_rungs_of_lower_severities_are_silent_unless_they_are_loud():
    quiet, loud = Line(), Line(loud=frozenset({1, 2}))
    assert quiet.sees(fired=(rung(9, severity=2),)) == ""
    assert "Severity 2 escalated: 9" in loud.sees(fired=(rung(9, severity=2),))


def test_no_text_of_a_ticket_gets_to_the_terminal():
    line = Line()
    sent = line.sees(ticket(1042), fired=(rung(1042, role="\x1b]52;c;QQ==\a"),))
    assert "evil" not in sent and "[2J" not in sent and "]52" not in sent


def test_nothing_is_sent_while_nothing_changes():
    line = Line()
    assert line.sees() + line.after(MINUTE) + line.sees() + line.after(60 * MINUTE) == ""


@pytest.mark.parametrize(("repeat", "rings"), [(0, 0), (60, 9), (20, 29)])
def test_the_repetition_is_a_bell_and_nothing_else(repeat: int, rings: int):
    line = Line(repeat=repeat)
    line.sees(ticket(1042))
    sent = [line.after(timedelta(seconds=1)) for _ in range(599)]
    assert "".join(sent) == "\a" * rings


def test_a_clock_that_is_set_back_rings_once_and_goes_on():
    line = Line()
    line.sees(ticket(1042))
    assert line.after(-timedelta(days=2)) == "\a"
    assert line.after(MINUTE) == "\a"


def test_ones_own_report_is_no_news_until_it_is_overdue():
    line = Line()
    assert line.sees(ticket(1042), own={1042}) == ""
    assert "\a" in line.sees(ticket(1042, overdue=True), own={1042})


def test_a_snoozed_one_is_silent_until_it_is_overdue():
    line = Line()
    assert line.sees(ticket(1042, snoozed=True)) == ""
    assert "\a" in line.sees(ticket(1042, snoozed=True, overdue=True))


# -- hush and quiet hours ---------------------------------------------------------------------------


def test_hush_holds_back_what_stands_and_not_what_is_new():
    line = Line(ticket(1042))
    line.alarm.hush(NOW)
    assert line.alarm.note(NOW) == "hushed 10 min"
    assert line.after(MINUTE) == ""
    assert line.alarm.note(line.now) == "hushed 9 min"
    assert line.sees(ticket(1042), fired=(rung(1042),)) == ""
    assert "Severity 1 new: 1057" in line.sees(ticket(1042), ticket(1057), fired=(rung(1042),))
    assert line.after(MINUTE) == "\a", "the new one goes on ringing"
    line.sees(ticket(1042), fired=(rung(1042),))
    assert line.after(MINUTE) == ""
    assert line.after(8 * MINUTE) == "\a" and line.alarm.note(line.now) == ""


def test_hush_holds_back_lower_severities_that_are_new():
    line = Line(loud=frozenset({1, 2}))
    line.alarm.hush(NOW)
    assert "\a" not in line.sees(ticket(9, 2))
    line.alarm.speak()
    assert line.after(MINUTE) == "\a"


def test_quiet_hours_are_silent_and_the_title_still_tells():
    line = Line(loud=frozenset({1, 2}), quiet=quiet_hours("14:00-15:00 sev 2"))
    assert line.sees(ticket(9, 2)) == osc.push_title() + osc.title("S2:1 9")
    assert line.after(MINUTE) == ""
    assert "\a" in line.sees(ticket(9, 2), ticket(10, 1))
    line.sees(ticket(9, 2))
    assert line.after(60 * MINUTE) == "\a"


def test_quiet_hours_are_of_the_analysts_zone():
    from zoneinfo import ZoneInfo

    line = Line(loud=frozenset({2}), quiet=quiet_hours("08:00-09:00 sev 2"), zone=ZoneInfo("America/Chicago"))
    assert "\a" not in line.sees(ticket(9, 2))


def test_an_alarm_that_is_off_says_so():
    assert Line(loud=frozenset()).alarm.note(NOW) == "alarm off"


# -- terminals --------------------------------------------------------------------------------------


def test_a_terminal_that_would_print_the_sequences_gets_the_bell_alone():
    line = Line(outlet=Outlet(titles=False))
    assert line.sees(ticket(1042)) == "\a"
    assert line.sees() == ""


def test_inside_tmux_the_notice_is_wrapped_and_the_title_is_not():
    line = Line(outlet=Outlet(tmux=True))
    sent = line.sees(ticket(1042))
    assert sent.startswith(osc.push_title() + osc.title("S1:1 1042") + "\a\x1bPtmux;")
    assert sent.count("\x1bPtmux;") == 2


def test_inside_screen_everything_but_the_bell_is_wrapped():
    line = Line(outlet=Outlet(screen=True))
    sent = line.sees(ticket(1042))
    assert sent.startswith("\x1bP\x1b[22;2t\x1b\\\x1bP\x1b]2;S1:1 1042\a\x1b\\\a\x1bP\x1b]9;")


def test_a_terminal_without_utf8_gets_ascii():
    line = Line(outlet=Outlet(ascii=True), roles={"director": "Größe"})
    assert line.sees(ticket(1042), fired=(rung(1042),)).isascii()


def test_the_title_names_a_few_and_says_that_there_are_more():
    line = Line(*(ticket(number) for number in range(1, 9)))
    assert line.sent[-1].endswith(osc.title("S1:8 1 2 3 4 ..."))


def test_while_another_program_has_the_terminal_only_bells_are_written(monkeypatch: pytest.MonkeyPatch):
    bells: list[str] = []
    monkeypatch.setattr(module, "_bell_past_the_screen", lambda: bells.append("\a"))
    line = Line(ticket(1042))
    line.alarm.leaves()
    assert line.sent[-1] == osc.title("supporttui") + osc.pop_title()
    assert line.sees(ticket(1042), ticket(1057)) == "" and bells == ["\a"]
    assert line.after(MINUTE) == "" and len(bells) == 2
    line.alarm.returns()
    assert line.sent == [osc.push_title() + osc.title("S1:2 1042 1057")]


# -- the analyst's program --------------------------------------------------------------------------


class Started:
    """In the place of `Child`: keeps how it was called, ends when it is let."""

    calls: list[Started]

    def __init__(self, argv: Any, environ: Any, *, seconds: float) -> None:
        self.argv, self.environ, self.seconds = argv, environ, seconds
        self.ends, self.ended = threading.Event(), threading.Event()
        self.calls.append(self)

    def run(self) -> str:
        self.ends.wait(10)
        return "play: ended with status 1"

    def kill(self) -> None:
        self.ended.set()


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Started]:
    Started.calls = []
    monkeypatch.setattr(module, "Child", Started)
    return Started.calls


def test_the_hook_gets_fields_and_runs_one_at_a_time(started: list[Started]):
    line = Line(hook=("play", "x.wav"))
    line.sees(ticket(1042))
    line.sees(ticket(1042), fired=(rung(1042),))
    assert len(started) == 1 and started[0].argv == ("play", "x.wav")
    ours = {name: value for name, value in started[0].environ.items() if name.startswith("SUPPORTTUI")}
    assert ours == {
        "SUPPORTTUI_ALARM": "new", "SUPPORTTUI_ALARM_SEVERITY": "1", "SUPPORTTUI_ALARM_TICKETS": "1042",
        "SUPPORTTUI_ALARM_ROLES": "", "SUPPORTTUI_ALARM_COUNT": "1",
    }  # fmt: skip
    line.alarm.ends()
    assert started[0].ended.is_set()
    _finish(started[0])
    assert line.told == ["alarm_hook: play: ended with status 1"]
    line.sees(ticket(1042), ticket(1057), fired=(rung(1042),))
    _finish(started[1])
    assert len(line.told) == 1, "the same trouble is told once"


def test_a_repetition_starts_no_program(started: list[Started]):
    line = Line(ticket(1042), hook=("play",))
    assert line.after(MINUTE) == "\a" and started == []


def test_a_test_rings_everything_and_says_what(started: list[Started]):
    line = Line(hook=("/usr/bin/play", "x"))
    assert line.alarm.test(NOW) == "bell, desktop notice, play"
    assert line.sent[-1].startswith("\a") and started[0].environ["SUPPORTTUI_ALARM"] == "test"
    started[0].ends.set()


def _finish(child: Started) -> None:
    child.ends.set()
    for thread in threading.enumerate():
        if thread.name == "alarm hook":
            thread.join(10)


def test_a_severity_1_by_mail_asks_for_a_call_once_and_not_beside_its_own_ring():
    line = Line()
    line.now += MINUTE
    line.alarm.wants_call(line.now)
    assert "".join(line.sent).count(osc.BELL) == 1 and "must call" in "".join(line.sent)
    assert osc.BELL in line.sees(ticket(7))
    line.sent.clear()
    line.alarm.wants_call(line.now)
    assert line.sent == []


def test_hours_that_are_quiet_for_severity_1_hold_the_call_back_and_hush_does_not():
    quiet = Line(quiet=quiet_hours("00:00-23:59 sev 1-4"))
    quiet.alarm.wants_call(quiet.now + MINUTE)
    assert quiet.sent == []
    hushed = Line()
    hushed.alarm.hush(hushed.now)
    hushed.sent.clear()
    hushed.alarm.wants_call(hushed.now + MINUTE)
    assert osc.BELL in "".join(hushed.sent)
