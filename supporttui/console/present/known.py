"""Known errors as lines: one beside a ticket, and a whole page.

What they say came from tickets in part: every word of it is made inert here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from supporttui.terminal.safe import clean_line, clip, width

from .setting import Glyphs
from .spans import EMPTY, Line, Span, line
from .verdict import day_text
from .wrap import wrap

if TYPE_CHECKING:
    from supporttui.desk.known_hints import Hint, KnownLine, Told

SHOWN = 12  # numbers of tickets
LEAST_TITLE = 12  # cells, below which the words behind it give way


def beside(one: KnownLine | None, cells: int, glyphs: Glyphs) -> Iterator[Line]:
    """ "known error? K12 NETEX abends at start: workaround"; nothing where none is known."""
    if one is None:
        return
    mark = "known error " if one.linked else "known error? "
    state = state_words(one.state, one.fixed_in)
    more = f", {one.more} more" if one.more else ""
    head, tail = f"{mark}K{one.number} ", f": {state}{more}"
    room = cells - width(head) - width(tail)
    if room < LEAST_TITLE:
        tail, room = "", cells - width(head)
    title = clip(clean_line(one.title), max(room, 1), ellipsis=glyphs.ellipsis)
    yield line(Span(head, "bold" if one.linked else "warning"), Span(title), Span(tail, "muted"))


def state_words(state: str, fixed_in: str = "") -> str:
    """ "workaround", "planned for 7.3", "fixed in 7.3"."""
    release = clean_line(fixed_in)
    if release and state in ("planned", "fixed"):
        return f"{state} {'for' if state == 'planned' else 'in'} {release}"
    return "only reported" if state == "reported" else state


def page(told: Told, of_ticket: bool, cells: int) -> Iterator[Line]:
    """Everything of one known error.  of_ticket: it is looked at for a ticket."""
    hint, owing = told.hint, told.owing
    record = hint.known.record
    for text in wrap(clean_line(record.title), cells):
        yield line(Span(text, "title"))
    if of_ticket:
        said, role = _standing(hint)
        for text in wrap(said, cells):
            yield line(Span(text, role))
    yield EMPTY
    for name, value in _facts(told):
        yield from _fact(name, value, cells)
    if owing is not None:
        yield from _fact("Owes", owing.why, cells, "overdue")
    texts = [("Symptom", record.symptom), ("Workaround", record.workaround)]
    if record.notes.strip():
        texts.append(("Notes", record.notes))
    for heading, text in texts:
        yield EMPTY
        yield line(Span(heading, "bold"))
        if not text.strip():
            yield line(Span("  none written down", "muted"))
        for wrapped in wrap(text.strip(), cells - 2) if text.strip() else ():
            yield line("  ", wrapped)


def _standing(hint: Hint) -> tuple[str, str]:
    """What it has to do with the ticket, and the role of that."""
    if hint.linked:
        return "the ticket is about it", "good"
    words = ", ".join(clean_line(word) for word in hint.words[:6])
    return (f"likely: both say {words}", "warning") if words else ("not linked to the ticket", "muted")


def _facts(told: Told) -> Iterator[tuple[str, str]]:
    one = told.hint.known
    record, tally = one.record, one.tally
    yield "State", state_words(record.state)
    yield "Product", one.product
    yield "Found in", record.found_in or "every release"
    if one.fixed_in:
        when = (
            f", {'out' if record.state == 'fixed' else 'due'} {day_text(one.fixed_on)}"
            if one.fixed_on
            else ""
        )
        yield "Fixed in", f"{one.fixed_in}{when}"
    yield "Marked", _marks(record.reproducible, record.material)
    customers = f" from {tally.customers} {'customer' if tally.customers == 1 else 'customers'}"
    numbers = ", ".join(map(str, told.tickets[:SHOWN])) + (", ..." if len(told.tickets) > SHOWN else "")
    counted = f"{tally.tickets}{customers}, {tally.open} open: {numbers}"
    yield "Tickets", counted if tally.tickets else "none"


def _marks(reproducible: bool, material: bool) -> str:
    named = [word for word, on in (("reproducible", reproducible), ("material", material)) if on]
    return " and ".join(named) or "neither reproducible nor material yet"


def _fact(name: str, value: str, cells: int, role: str = "") -> Iterator[Line]:
    label = f"{name:<9} "
    for place, text in enumerate(wrap(clean_line(value), max(cells - len(label), 8))):
        yield line(Span(label if place == 0 else " " * len(label), "muted"), Span(text, role))
