"""The alarm that reaches an analyst who looks elsewhere: bell, window title, desktop notice, a program of theirs.

What rings is read with everything else that the screen shows: open tickets of
the loud severities that nobody has answered, new ones and overdue ones, and the
deadlines that fired on them.  Whoever acknowledges one, at whatever console,
silences it everywhere.  The window's title says for how long: it counts what
rings, and the terminal's own title comes back when nothing does.

Invariants: nothing is written while nothing rings; a repetition is one bell;
looking is not acknowledging; hush and quiet hours never hold back a Severity 1
that is new.
"""

from __future__ import annotations

import contextlib
import os
import select
import threading
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import field
from datetime import UTC, datetime, timedelta, tzinfo

from supporttui.desk.session import Desk
from supporttui.quickclass import dataclass
from supporttui.store.criteria import AllOf, AnyOf, Compare, Criterion, Flag, Not, Sort
from supporttui.store.records import DeadlineLine, TicketLine
from supporttui.terminal.alarm import Outlet, named, title_words
from supporttui.terminal.child import Child, environment
from supporttui.terminal.osc import BELL
from supporttui.terminal.quiet import Quiet

HUSH = timedelta(minutes=10)
CALL_AFTER = timedelta(seconds=15)  # after another ring, which the same mail may have caused
HOOK_SECONDS = 10.0  # a program of the analyst's that takes longer is ended
READ_AT_MOST = 100  # tickets that ring; the title counts no further


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How the alarm was set up.

    loud: severities that ring.  repeat: seconds between bells, 0 for one bell.  quiet: hours without
    bells.  zone: whose hours those are.  hook: a program and its arguments, () for none.
    roles: name → title, as the policy writes them.
    """

    loud: frozenset[int] = frozenset({1})
    repeat: int = 60
    quiet: tuple[Quiet, ...] = ()
    zone: tzinfo = UTC
    outlet: Outlet = field(default_factory=Outlet)
    hook: tuple[str, ...] = ()
    roles: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Heard:
    """What is new since the alarm last looked: tickets, and deadlines that fired."""

    new: tuple[tuple[int, int], ...] = ()
    fired: tuple[DeadlineLine, ...] = ()


def unanswered(desk: Desk, loud: Collection[int]) -> tuple[TicketLine, ...]:
    """On the database thread: what rings, the soonest due first."""
    if not loud:
        return ()
    waits: tuple[Criterion, ...] = (
        Not(Compare("overdue_since", "=", None)),
        Compare("acknowledged_until", "=", None),
    )
    where = AllOf(
        (
            Flag("open"),
            AnyOf(tuple(Compare("severity", "=", one) for one in sorted(loud))),
            AnyOf(waits),
        )
    )
    from supporttui.desk import look

    return tuple(look.page(desk, where, Sort("due"), limit=READ_AT_MOST))


class Alarm:
    """The alarm of one console.

    write: takes sequences for the terminal.  tell: takes a line for the analyst, from any thread.
    away: the terminal is another program's for now (an editor), so nothing but bells may be written.
    """

    def __init__(self, write: Callable[[str], None], tell: Callable[[str], None], plan: Plan) -> None:
        self._write, self._tell, self.plan = write, tell, plan
        self._stands: dict[int, int] = {}
        self._fired: frozenset[tuple[int, str]] = frozenset()
        self._looked = False
        self._rang_at: datetime | None = None
        self._hushed: tuple[datetime, frozenset[int]] | None = None
        self._title = ""
        self._hook: Child | None = None
        self._hook_trouble = ""
        self.away = False

    @property
    def stands(self) -> Mapping[int, int]:
        """The tickets that ring, with their severities."""
        return self._stands

    # -- what was read --------------------------------------------------------------------------

    def sees(
        self,
        rows: Iterable[TicketLine],
        deadlines: Iterable[DeadlineLine],
        now: datetime,
        *,
        own: Collection[int] = (),
    ) -> Heard:
        """Ring for what is new among `rows` (see `unanswered`) and for deadlines that fired on the loud severities.

        own: tickets that were reported at this console, which are no news until they are overdue.
        What was there at the first look is shown in the title and rings from the first repetition on.
        """
        stands = {
            row.number: row.severity
            for row in rows
            if row.overdue_since is not None or not (row.number in own or _snoozed(row, now))
        }
        lines = [line for line in deadlines if line.state == "fired" and line.severity in self.plan.loud]
        fired = frozenset((line.ticket, line.key) for line in lines)
        heard = Heard(
            tuple(
                (severity, number)
                for number, severity in stands.items()
                if self._stands.get(number) != severity
            ),
            tuple(line for line in lines if (line.ticket, line.key) not in self._fired),
        )
        first, self._looked = not self._looked, True
        self._stands, self._fired = stands, fired
        self._show_title()
        if first:
            self._rang_at = now
            return Heard()
        self._ring(heard, now)
        return heard

    def _ring(self, heard: Heard, now: datetime) -> None:
        new = [pair for pair in heard.new if not self._silent(pair[1], pair[0], now, new=True)]
        fired = [line for line in heard.fired if not self._silent(line.ticket, line.severity, now)]
        numbers = dict.fromkeys([number for _, number in new] + [line.ticket for line in fired])
        if not numbers:
            return
        severity = min([severity for severity, _ in new] + [line.severity for line in fired])
        roles = dict.fromkeys(self.plan.roles.get(line.role, "") for line in fired)
        told = {line.ticket for line in fired}
        what = "new" if any(number not in told for _, number in new) else "escalated"
        self._sound(what, severity, list(numbers), ", ".join(filter(None, roles)), now)

    def _sound(self, what: str, severity: int, numbers: Sequence[int], roles: str, now: datetime) -> None:
        self._rang_at = now
        words = named(numbers)
        self._out(
            BELL
            + ("" if self.away else self.plan.outlet.notice(f"Severity {severity} {what}: {words}", roles))
        )
        self._start_hook(what, severity, words, roles)

    def wants_call(self, now: datetime) -> None:
        """A report came without the telephone call that the policy wants; silent when that has just rung as new."""
        just_rang = self._rang_at is not None and now - self._rang_at < CALL_AFTER
        if 1 not in self.plan.loud or just_rang or self._silent(0, 1, now, new=True):
            return
        self._rang_at = now
        self._out(
            BELL
            + (
                ""
                if self.away
                else self.plan.outlet.notice("A report needs a telephone call: somebody must call", "")
            )
        )
        self._start_hook("call", 1, "", "")

    def _silent(self, number: int, severity: int, now: datetime, *, new: bool = False) -> bool:
        """Whether hush or quiet hours hold this one back; a new Severity 1 only its desk's own quiet hours do."""
        local = now.astimezone(self.plan.zone)
        if any(span.covers(severity, local.hour * 60 + local.minute) for span in self.plan.quiet):
            return True
        if self._hushed is None or now >= self._hushed[0]:
            return False
        return not (severity == 1 and (new or number not in self._hushed[1]))

    # -- time -----------------------------------------------------------------------------------

    def beat(self, now: datetime) -> None:
        """Ring again when it is time to."""
        if self._hushed is not None and now >= self._hushed[0]:
            self._hushed = None
        if not (self.plan.repeat and self._stands and self._rang_at):
            return
        if abs((now - self._rang_at).total_seconds()) < self.plan.repeat:
            return
        if any(not self._silent(number, severity, now) for number, severity in self._stands.items()):
            self._rang_at = now
            self._out(BELL)

    def hush(self, now: datetime) -> None:
        """No bells for a while; a Severity 1 that comes meanwhile rings all the same."""
        self._hushed = (now + HUSH, frozenset(self._stands))

    def speak(self) -> None:
        """End the hush."""
        self._hushed = None

    @property
    def hushed(self) -> bool:
        return self._hushed is not None

    def note(self, now: datetime) -> str:
        """What the top line says of it: "alarm off", "hushed 9 min" or ""."""
        if not self.plan.loud:
            return "alarm off"
        if self._hushed is None or now >= self._hushed[0]:
            return ""
        return f"hushed {-(-int((self._hushed[0] - now).total_seconds()) // 60)} min"

    def test(self, now: datetime) -> str:
        """Ring as for a Severity 1; returns what was done, in words."""
        self._sound("test", 1, list(self._stands)[:1], "", now)
        parts = ["bell"]
        if self.plan.outlet.titles:
            parts.append("desktop notice")
        if self.plan.hook:
            parts.append(os.path.basename(self.plan.hook[0]))
        return ", ".join(parts)

    # -- the terminal ---------------------------------------------------------------------------

    def _show_title(self) -> None:
        wanted = (
            title_words([(severity, number) for number, severity in self._stands.items()])
            if self._stands
            else ""
        )
        if self.away or wanted == self._title:
            return
        outlet, before, self._title = self.plan.outlet, self._title, wanted
        if not wanted:
            self._out(outlet.give_back_title())
        else:
            self._out(("" if before else outlet.keep_title()) + outlet.title(wanted))

    def leaves(self) -> None:
        """The terminal is given back, for good or to an editor: its title as it was."""
        if self._title:
            self._title = ""
            self._out(self.plan.outlet.give_back_title())
        self.away = True

    def returns(self) -> None:
        """The terminal is ours, perhaps again."""
        self.away = False
        self._show_title()

    def ends(self) -> None:
        """The console is over, and so is a program that the alarm started."""
        if self._hook is not None:
            self._hook.kill()

    def _out(self, sequence: str) -> None:
        if not self.away:
            if sequence:
                self._write(sequence)
        elif BELL in sequence:
            _bell_past_the_screen()

    # -- the analyst's program ------------------------------------------------------------------

    def _start_hook(self, what: str, severity: int, numbers: str, roles: str) -> None:
        if not self.plan.hook or self._hook is not None:
            return
        fields = environment(
            os.environ,
            SUPPORTTUI_ALARM=what,
            SUPPORTTUI_ALARM_SEVERITY=str(severity),
            SUPPORTTUI_ALARM_TICKETS=numbers,
            SUPPORTTUI_ALARM_ROLES=roles,
            SUPPORTTUI_ALARM_COUNT=str(len(self._stands)),
        )
        self._hook = Child(self.plan.hook, fields, seconds=HOOK_SECONDS)
        threading.Thread(target=self._run_hook, args=(self._hook,), name="alarm hook", daemon=True).start()

    def _run_hook(self, hook: Child) -> None:
        wrong = hook.run()
        self._hook = None
        if wrong and wrong != self._hook_trouble:
            with contextlib.suppress(RuntimeError):  # the console is just ending
                self._tell(f"alarm_hook: {wrong}")
        self._hook_trouble = wrong


def _snoozed(row: TicketLine, now: datetime) -> bool:
    return row.snoozed_until is not None and row.snoozed_until > now


def _bell_past_the_screen() -> None:
    """A bell while another program has the terminal, if the line takes it at once."""
    with contextlib.suppress(OSError, ValueError):
        if select.select([], [2], [], 0)[1]:
            os.write(2, BELL.encode())
