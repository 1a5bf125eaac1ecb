"""What every pane needs to know of the desk and the terminal to write a line: names, zone, glyphs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import UTC, datetime, tzinfo

from supporttui.quickclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Glyphs:
    """Marks beside words; none is wider than its place in a row."""

    cursor: str = "▸"
    mark: str = "●"
    bar: str = "▌"
    overdue: str = "!!"
    soon: str = " !"
    paused: str = "||"
    acknowledged: str = " ✓"
    snoozed: str = " z"
    nobody: str = "–"
    dot: str = "·"
    to: str = "→"
    by: str = "←"
    note: str = "▪"
    ellipsis: str = "…"
    reading: str = "@"
    writing: str = "»"
    unseen: str = "◆"
    rule: str = "─"
    stopwatch: str = "◷"


UNICODE = Glyphs()
ASCII = Glyphs(
    cursor=">", mark="*", bar="|", acknowledged=" v", nobody="-", dot="-", to="->", by="<-", note="#",
    ellipsis="~", rule="-", writing=">", unseen="+", stopwatch="timer",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """The desk as its lines are written.

    actor: who sits here.  zone: local time of what is shown; vendor_zone: of the
    opening hours.  awake: severities that are worked round the clock; after_hours: whom to
    call about another one while the desk is closed, "" for nobody.  severities:
    number → name.  glyphs: for this terminal.  number_width: cells that the
    largest ticket number takes, so that the column never moves.
    """

    actor: str = ""
    desk_name: str = "Support"
    zone: tzinfo = UTC
    vendor_zone: tzinfo = UTC
    severities: Mapping[int, str] = field(default_factory=dict)
    awake: frozenset[int] = frozenset()
    after_hours: str = ""
    glyphs: Glyphs = UNICODE
    number_width: int = 5

    def severity(self, number: int) -> str:
        """ "1 System down"."""
        name = self.severities.get(number, "")
        return f"{number} {name}".rstrip()


def seconds_between(start: datetime, end: datetime) -> int:
    """Whole seconds from start to end."""
    return int((end - start).total_seconds())


def severity_role(severity: int) -> str:
    """The role of a severity; the ones beyond the fourth look like it."""
    return f"sev{min(max(severity, 1), 4)}"


def clock_text(at: datetime, zone: tzinfo, now: datetime) -> str:
    """A time as a journal writes it: "14:31" today, "20 Nov 14:31" this year, else with the year."""
    local, today = at.astimezone(zone), now.astimezone(zone)
    clock = f"{local:%H:%M}"
    if local.date() == today.date():
        return clock
    from supporttui.when import MONTH_NAMES

    day = f"{local.day} {MONTH_NAMES[local.month - 1]}"
    return f"{day} {clock}" if local.year == today.year else f"{day} {local.year} {clock}"
