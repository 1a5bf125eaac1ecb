"""A change that came too late, as lines: each field as it was seen, as it is now, as it was meant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from supporttui.desk.collide import Comparison, Difference
from supporttui.store.records import JournalEntry, Ticket
from supporttui.terminal.safe import clean_line, clip, fit, width

from . import journal
from .journal import ALL, Look, value_text
from .setting import Setting, clock_text
from .spans import EMPTY, Line, Span, line
from .wrap import wrap

FIELD = 15  # cells of a field's name
STACKED = 60  # cells below which the three values stand below each other


def name(field: str) -> str:
    return {"acknowledged_until": "next update by", "snoozed_until": "snoozed until"}.get(
        field, field.replace("_", " ")
    )


def value(what: object, setting: Setting, cells: int = 40) -> str:
    """A value in one line of at most so many cells."""
    return clip(clean_line(value_text(what, setting)[: cells * 4]), cells, ellipsis=setting.glyphs.ellipsis)


def table(compared: Comparison, look: Look) -> list[Line]:
    """The fields that both may have touched, three values each."""
    if look.cells < STACKED:
        return [one for each in compared.fields for one in _stacked(each, look)]
    room = (look.cells - FIELD) // 3
    heading = "".join(fit(title, room) for title in ("as you saw it", "now", "yours"))
    lines = [line(Span(f"{'':{FIELD}}{heading}", "muted"))]
    for one in compared.fields:
        seen, now, mine = (value(each, look.setting, room - 2) for each in (one.seen, one.now, one.mine))
        by = _by(one, look) if one.theirs else ""
        beside = f"  {by}" if by and width(now) + width(by) + 4 <= room else ""
        lines.append(
            line(
                fit(name(one.field), FIELD),
                Span(fit(seen, room), "muted"),
                Span(now, "warning" if one.theirs else ""),
                Span(fit(beside, room - width(now)), "muted"),
                Span(mine, "bold"),
            )
        )
        if by and not beside:
            lines.append(line(" " * (FIELD + room), Span(clip(by, look.cells - FIELD - room), "muted")))
    return lines


def _stacked(one: Difference, look: Look) -> Iterator[Line]:
    room = look.cells - FIELD - 2
    yield line(Span(name(one.field), "bold"))
    by = f"  {_by(one, look)}" if one.theirs else ""
    for title, what, more, role in (
        ("as you saw it", one.seen, "", "muted"),
        ("now", one.now, by, "warning" if one.theirs else ""),
        ("yours", one.mine, "", "bold"),
    ):
        shown = value(what, look.setting, room)
        yield line(
            "  ",
            Span(fit(title, FIELD), "muted"),
            Span(shown, role),
            Span(clip(more, room - len(shown)), "muted"),
        )


def _by(one: Difference, look: Look) -> str:
    """ "ana, 14:31"."""
    at = f", {clock_text(one.at, look.setting.zone, look.now)}" if one.at else ""
    return f"{clip(clean_line(one.by), 24) or 'somebody'}{at}"


def meanwhile(since: Sequence[JournalEntry], ticket: Ticket, look: Look) -> Iterator[Line]:
    """What the others did, newest first, their words to be read in full."""
    yield journal.rule("meanwhile", look)
    for entry in reversed(since):
        yield from journal.headlines((entry,), ticket, look, ALL)
        yield from journal.body((entry,), ticket, look, ALL)
    if not since:
        yield line(Span("nothing that is still to be read", "muted"))


def lines(compared: Comparison, ticket: Ticket, look: Look) -> list[Line]:
    """The whole page of a conflict."""
    out = table(compared, look) if compared.fields else []
    if compared.refused:
        out += [line(Span(part, "error")) for part in wrap(compared.refused, look.cells)]
    return [*out, EMPTY, *meanwhile(compared.since, ticket, look)]
