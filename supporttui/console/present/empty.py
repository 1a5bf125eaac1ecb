"""What stands where nothing is: which view this is, what would be in it, and which keys come first.

A block is centred and gives way to a small pane: first its blank lines go,
then what is said last.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from supporttui.terminal.safe import clean_line

from .spans import EMPTY, Line, Span, fit_line, line, line_width
from .wrap import wrap

KEY_WIDTH = 4  # cells of a key before its words
MEANS = {  # the built-in views; others are told by their query
    "Open": "Here is every open ticket that nobody has put aside.",
    "Overdue": "Here is what was promised and not done: a deadline passed and nobody has acknowledged it.",
    "Severity 1": "Here is what stands still at a customer's.",
    "Mine": "Here is what you have taken.",
    "New": "Here is what nobody has looked after yet.",
    "Waiting": "Here is what waits for the customer, or for another vendor.",
    "All": "Here is everything that was ever reported.",
}
FIRST_KEYS = (
    ("report", "report a problem"),
    ("help", "all keys"),
    ("command", "a verb by its name"),
    ("quit", "leave"),
)
VIEW_KEYS = (
    ("next-view", "next view"),
    ("previous-view", "view before"),
    ("query", "ask a query"),
    ("help", "all keys"),
    ("report", "report a problem"),
)
COMMANDS = (
    ("supporttui tour", "learn the keys in eleven steps"),
    ("supporttui --demo", "look around on a sample desk"),
    ("supporttui import FILE", "bring your tickets along"),
)

Keys = Mapping[str, str]  # verb id → its key as people write it


def desk(desk_name: str, keys: Keys, width: int, height: int) -> Sequence[Line]:
    """A desk to which nothing was ever reported: the first thing that somebody sees."""
    name = clean_line(desk_name)
    intro = (
        line(Span(f"The support desk of {name}", "bold")),
        line(Span("Nothing has been reported yet, no ticket is open.", "muted")),
    )
    widest = max(len(command) for command, _ in COMMANDS)
    commands = [line(Span(f"{command:<{widest}}", "bold"), f"  {words}") for command, words in COMMANDS]
    return centred((intro, _pairs(FIRST_KEYS, keys, width), commands), width, height)


def view(title: str, query: str, keys: Keys, width: int, height: int) -> Sequence[Line]:
    """A view that finds nothing."""
    name = clean_line(title) or "This view"
    # A query of one's own is its own title.
    means = MEANS.get(title) or f"It shows what “{clean_line(query)}” finds."
    told = [line(Span(part.strip(), "muted")) for part in wrap(means, max(1, min(width - 4, 64)))]
    shown = [
        (verb, f"{words}, such as sev:1,2" if verb == "query" and width > 64 else words)
        for verb, words in VIEW_KEYS
    ]
    return centred(
        ((line(Span(f"{name}: no ticket.", "bold")), *told), _pairs(shown, keys, width)), width, height
    )


def narrowed(narrow: str, keys: Keys, width: int, height: int) -> Sequence[Line]:
    """Words that no row shows."""
    words = line(Span(f"No row here shows “{clean_line(narrow)}”.", "bold"))
    more = line(
        Span("Esc", "key"), "  shows all again    ", Span(keys["query"], "key"), "  asks the whole desk"
    )
    return centred(((words,), (more,)), width, height)


def _pairs(shown: Sequence[tuple[str, str]], keys: Keys, width: int) -> list[Line]:
    """Keys with their words, two beside each other where there is room."""
    cells = [line(Span(f"{keys[verb]:<{KEY_WIDTH}}", "key"), words) for verb, words in shown]
    column = max(line_width(one) for one in cells[::2]) + 4
    if column + max(line_width(one) for one in cells[1::2]) > width - 2:
        return cells
    rows = []
    for at in range(0, len(cells), 2):
        left = (*cells[at], Span(" " * (column - line_width(cells[at]))))
        rows.append(line(*left, *(cells[at + 1] if at + 1 < len(cells) else ())))
    return rows


def centred(groups: Sequence[Sequence[Line]], width: int, height: int) -> list[Line]:
    """The groups with a blank line between them, in the middle of a pane of this size."""
    lines: list[Line] = [one for group in groups for one in (*group, EMPTY)][:-1]
    while len(lines) > height and EMPTY in lines:
        lines.remove(EMPTY)
    lines = lines[:height]
    left = max(1, (width - max((line_width(one) for one in lines), default=0)) // 2)
    above = max(0, (height - len(lines)) // 3)
    return [EMPTY] * above + [
        fit_line(line(Span(" " * left), *one), width) if one else EMPTY for one in lines
    ]
