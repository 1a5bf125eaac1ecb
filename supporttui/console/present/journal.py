"""Journal entries as blocks: a line that says who did what when, and the text below it, folded when long.

Public and internal entries differ by glyph, by word and only then by colour.
Changes that one person made in a row stand in one line.  A text is laid out
when it is looked at, as far as it is looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

from supporttui.quickclass import dataclass
from supporttui.store.records import JournalEntry, Ticket
from supporttui.terminal.safe import clean_line, clip, width
from supporttui.when import age, duration_text, local_text

from .setting import Setting, clock_text, seconds_between
from .spans import Line, Span, fit_line, line, line_width, spread
from .wrap import wrap

Level = Literal[0, 1, 2]
LINE: Level = 0  # an entry as one line
FOLDED: Level = 1  # what is long or quoted is folded
ALL: Level = 2

LONG = 12  # lines of a text from which it is folded
HEAD_LINES = 3  # that the words of an entry may take
VALUE = 60  # cells of a value in them; the whole one is shown when unfolded
SHOWN = 8  # of them, lines that a folded text shows
COUNTED = 32_768  # characters of a text whose hidden lines are counted; of more the size is told
QUOTE = 3  # quoted lines in a row from which they are folded
IN_A_ROW = timedelta(minutes=10)
MOST_IN_A_ROW = 12
CHANGES = frozenset(
    {"severity", "status", "owner", "subject", "fields", "tags", "reopened", "resolved", "closed", "snoozed"}
)
TIMES_OF_ITSELF = frozenset({"resolved_at", "closed_at"})  # the entry's own time says them
ORIGINAL = "-----original message-----"


@dataclass(frozen=True, slots=True)
class Look:
    """How a journal is written down: cells of a line, the desk's setting, now, what was taken back."""

    cells: int
    setting: Setting
    now: datetime
    undone: frozenset[int] = frozenset()


# -- which entries stand together -------------------------------------------------------------------


def grouped(
    entries: Sequence[JournalEntry], undone: frozenset[int], apart: int
) -> list[tuple[JournalEntry, ...]]:
    """The entries (newest first) in blocks; changes of one person in a row are one.

    apart: the last entry that was seen: no block reaches across it.
    """
    out: list[tuple[JournalEntry, ...]] = []
    for entry in entries:
        if out and _goes_with(out[-1], entry, undone, apart):
            out[-1] = (*out[-1], entry)
        else:
            out.append((entry,))
    return out


def _goes_with(
    block: tuple[JournalEntry, ...], entry: JournalEntry, undone: frozenset[int], apart: int
) -> bool:
    newest, nearest = block[0], block[-1]
    return (
        len(block) < MOST_IN_A_ROW
        and _is_plain_change(nearest, undone)
        and _is_plain_change(entry, undone)
        and newest.actor == entry.actor
        and (nearest.id > apart) == (entry.id > apart)
        and timedelta(0) <= nearest.at - entry.at <= IN_A_ROW
    )


def _is_plain_change(entry: JournalEntry, undone: frozenset[int]) -> bool:
    return entry.kind in CHANGES and not entry.text and entry.id not in undone and bool(entry.data.get("set"))


# -- the line of an entry ---------------------------------------------------------------------------


def headlines(block: Sequence[JournalEntry], ticket: Ticket, look: Look, level: Level) -> list[Line]:
    """ "14:31 ana → reply to the customer (public)      2 h ago"; words that need it take a second line.

    level 0: one line, with the beginning of its text.
    """
    entry, setting = block[0], look.setting
    mark, words, role = kind(entry, ticket, setting)
    if len(block) > 1:
        words = ", ".join(clean_line(_changed(one, setting)) for one in reversed(block))
    gone = entry.id in look.undone
    role = "struck muted" if gone else role
    lead = line(
        Span(f"{clock_text(entry.at, setting.zone, look.now)} ", "muted"),
        Span(_who(entry)),
        Span(f" {mark} ", "muted" if gone else role),
    )
    label = Span(" (undone)" if gone else "", "muted")
    if level == LINE:
        said = first_words(entry, ticket)
        left = (*lead, Span(words, role), label, Span(f": {said}" if said else "", "muted"))
        return [_with_age([span for span in left if span.text], _ago(entry, look), look)]
    parts = _parts(words, look.cells - line_width(lead) - width(label.text), look.cells - 2)
    lines = [(*lead, Span(parts[0], role)), *(line("  ", Span(part, role)) for part in parts[1:HEAD_LINES])]
    if len(parts) > HEAD_LINES:
        lines[-1] = fit_line((*lines[-1], Span(f" {setting.glyphs.ellipsis}", "muted")), look.cells)
    lines[-1] = (*lines[-1], *line(label))
    ago = _ago(entry, look)
    if line_width(lines[0]) + width(ago) + 2 <= look.cells:
        lines[0] = _with_age(lines[0], ago, look)
    return [one if line_width(one) <= look.cells else fit_line(one, look.cells) for one in lines]


def _parts(words: str, first: int, cells: int) -> list[str]:
    """Words in lines, the first of which has less room."""
    if width(words) <= first:
        return [words]
    if first < 8:
        return ["", *wrap(words, cells)]
    head = next(wrap(words, first), "")
    return [head, *wrap(words[len(head) :].lstrip(), cells)]


def _ago(entry: JournalEntry, look: Look) -> str:
    """How long ago, to the minute; "" for just now."""
    minutes = seconds_between(entry.at, look.now) // 60
    return age(minutes * 60) if minutes > 0 else ""


def _with_age(left: Sequence[Span], ago: str, look: Look) -> Line:
    """How long ago, at the right end where there is room."""
    cells, ellipsis = look.cells, look.setting.glyphs.ellipsis
    if ago and (line_width(left) + width(ago) + 2 <= cells or cells >= 60):
        return spread(left, line(Span(ago, "muted")), cells, ellipsis)
    return tuple(left) if line_width(left) <= cells else fit_line(left, cells, ellipsis)


def _who(entry: JournalEntry) -> str:
    return clip(clean_line(entry.actor), 24) or "somebody"


def first_words(entry: JournalEntry, ticket: Ticket) -> str:
    """The beginning of its text, for a line of its own."""
    return clean_line(text_of(entry, ticket)[:240])


def text_of(entry: JournalEntry, ticket: Ticket) -> str:
    """What stands below its line; of the report, what the ticket says is wrong."""
    if entry.kind == "undone":
        return ""
    return entry.text or (ticket.description if entry.kind == "reported" else "")


def kind(entry: JournalEntry, ticket: Ticket, setting: Setting) -> tuple[str, str, str]:
    """Glyph, words and role of an entry."""
    glyphs, data = setting.glyphs, entry.data
    if entry.kind == "reply":
        from supporttui.desk.letter_words import mailed

        extra = ", with a workaround" if data.get("workaround") else ""
        return glyphs.to, f"reply to the customer (public){extra}{clean_line(mailed(data))}", "public"
    if entry.kind == "customer":
        from supporttui.desk.mail_words import wrote

        return glyphs.by, f"customer wrote (public){clean_line(wrote(data))}", "public"
    if entry.kind == "mail":
        from supporttui.desk.mail_words import told as mail_told

        return glyphs.note, f"{clean_line(mail_told(data))} (internal)", "internal"
    if entry.kind == "note":
        return glyphs.note, "note (internal)", "internal"
    if entry.kind == "call":
        from supporttui.desk.call_words import called

        way = glyphs.by if data.get("way") == "in" else glyphs.to
        return way, f"{clean_line(called(data))} (internal)", "internal"
    if entry.kind == "reported":
        by = ticket.contact or ticket.customer
        back = f", to be called back at {clean_line(str(data['callback']))}" if data.get("callback") else ""
        return glyphs.by, f"reported{' for ' + clean_line(by) if by else ''}{back}", "public"
    if entry.kind in ("escalated", "warned", "missed"):
        return glyphs.overdue, _escalated(entry.kind, data), "overdue"
    return glyphs.dot, clean_line(_changed(entry, setting)), ""


def _escalated(kind: str, data: Mapping[str, Any]) -> str:
    label = clean_line(str(data.get("label") or data.get("role") or "the next role"))
    late = data.get("late_seconds")
    after = f", {duration_text(int(late))} late" if isinstance(late, int) and late >= 60 else ""
    hand = ", by hand" if data.get("by") == "hand" else ""
    verb = {"warned": "warning", "missed": "missed"}.get(kind, "escalated to")
    return f"{verb} {label}{hand}{after}"


def _changed(entry: JournalEntry, setting: Setting) -> str:
    changes = entry.data.get("set")
    if entry.kind == "undone":
        return f"took back: {entry.text or 'a change'}"
    words = entry.kind.replace("-", " ")
    if entry.kind == "acknowledged" and entry.data.get("until"):
        return f"acknowledged, next update by {value_text(entry.data['until'], setting)}"
    if entry.kind == "snoozed":
        return _snoozed(changes, setting)
    if isinstance(changes, Mapping) and changes.keys() - TIMES_OF_ITSELF:
        told = ((name, pair) for name, pair in changes.items() if name not in TIMES_OF_ITSELF)
        said = ", ".join(change_text(name, pair, setting) for name, pair in told)
        known = ("severity", "status", "fields", "owner", "subject", "tags")
        return said if entry.kind in known else f"{words}: {said}"
    if entry.kind in ("merged", "merged-from", "linked"):
        return _related(entry.data, words)
    if entry.kind == "known-error":
        gone = "not about" if entry.data.get("removed") else "about"
        return f"{gone} known error K{entry.data.get('known')} {entry.data.get('title') or ''}".rstrip()
    if entry.kind == "released":
        return str(entry.data.get("label") or words)
    if entry.kind in ("effort", "expense", "credit"):
        return _charged(entry)
    if entry.kind == "file":
        from supporttui.desk.file_words import told as file_told

        return file_told(entry.data)
    return words


def _charged(entry: JournalEntry) -> str:
    """Time, an expense or a credit, and whether it is billable."""
    from supporttui.desk.worked_words import charged, credited, spent

    if entry.kind == "effort":
        length = duration_text(60 * _number(entry.data.get("minutes")))
        return f"logged {length}{charged(entry.data)}"
    return spent(entry.data) if entry.kind == "expense" else credited(entry.data)


def _snoozed(changes: Any, setting: Setting) -> str:
    pair = changes.get("snoozed_until") if isinstance(changes, Mapping) else None
    until = pair[-1] if isinstance(pair, list | tuple) and pair else None
    return f"put aside until {value_text(until, setting)}" if until else "back in the working views"


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def _related(data: Mapping[str, Any], words: str) -> str:
    """ "merged from 281", "linked 77"."""
    other = data.get("from") or data.get("into") or data.get("other") or data.get("link") or ""
    other = " ".join(str(part) for part in other) if isinstance(other, list | tuple) else str(other)
    return f"{words} {other}".rstrip()


def change_text(name: str, pair: Any, setting: Setting, most: int = VALUE) -> str:
    """ "severity 3 → 1"; of a long value its beginning, in `most` cells."""
    old, new = pair if isinstance(pair, list | tuple) and len(pair) == 2 else ("", pair)
    shown = [
        clip(clean_line(value_text(value, setting)[: 4 * most]), most, ellipsis=setting.glyphs.ellipsis)
        for value in (old, new)
    ]
    return f"{name.replace('_', ' ')} {shown[0]} {setting.glyphs.to} {shown[1]}"


def value_text(value: Any, setting: Setting) -> str:
    """A field's value as people write it; "none" for nothing, instants in local time."""
    if value in ("", None, [], ()):
        return "none"
    if isinstance(value, list | tuple):
        return " ".join(str(one) for one in value)
    if isinstance(value, datetime):
        return local_text(value, setting.zone)
    if isinstance(value, str) and value.endswith("Z") and value[4:5] == "-":
        try:
            return local_text(datetime.fromisoformat(value), setting.zone)
        except ValueError:
            return value
    return str(value)


# -- the text of an entry ---------------------------------------------------------------------------


def body(block: Sequence[JournalEntry], ticket: Ticket, look: Look, level: Level) -> Iterator[Line]:
    """The lines below the headline."""
    if level == LINE:
        return
    if len(block) > 1:
        if level == ALL:
            for one in block:
                at = clock_text(one.at, look.setting.zone, look.now)
                said = f"{at} {clean_line(_changed(one, look.setting))}"
                for part in wrap(said, look.cells - 2):
                    yield line(Span("  "), Span(part, "muted"))
        return
    entry = block[0]
    struck = "struck muted" if entry.id in look.undone else ""
    for part, role in _text_lines(text_of(entry, ticket), look, level):
        yield line(Span("  "), Span(part, struck or role))
    if level == ALL:
        yield from _long_values(entry, look)
    for part in (*_attached(entry), *(_lacking(entry) if level == ALL else ())):
        for piece in wrap(part, look.cells - 2):
            yield line(Span("  "), Span(piece, struck or "muted"))


def hides(block: Sequence[JournalEntry], ticket: Ticket, look: Look, level: Level) -> bool:
    """Whether something of it isn't shown."""
    if level == ALL:
        return False
    if len(block) > 1:
        return True
    text = text_of(block[0], ticket)
    if level == LINE:
        return bool(text.strip() or list(_attached(block[0])))
    return bool(_long(block[0], look.setting) or list(_lacking(block[0]))) or any(
        role == "folded" for _, role in _text_lines(text, look, level, told="folded")
    )


def _text_lines(text: str, look: Look, level: Level, *, told: str = "muted") -> Iterator[tuple[str, str]]:
    """Lines of a text with their role; what stands for folded ones has the role `told`."""
    if not text:
        return
    cells, dots = look.cells - 2, look.setting.glyphs.ellipsis
    if level == ALL:
        yield from ((part, "") for part in wrap(text, cells))
        return
    kept: list[tuple[str, str]] = []
    lines = _unquoted(text, cells, dots, told)
    for one in lines:
        kept.append(one)
        if len(kept) > LONG:
            break
    if len(kept) <= LONG:
        yield from kept
        return
    yield from kept[:SHOWN]
    if len(text) > COUNTED:
        yield f"{dots} {_size(len(text))} in all", told
    else:
        yield f"{dots} {len(kept) - SHOWN + sum(1 for _ in lines)} lines more", told


def _size(characters: int) -> str:
    return f"{characters // 1000:,} kB" if characters < 10_000_000 else f"{characters // 1_000_000:,} MB"


def _unquoted(text: str, cells: int, dots: str, told: str) -> Iterator[tuple[str, str]]:
    """The lines of a mail, quoted ones in a row folded into one."""
    quoted: list[str] = []
    rest = iter(text.replace("\r\n", "\n").split("\n"))
    for raw in rest:
        if raw.startswith(">"):
            quoted.append(raw)
            continue
        yield from _quote(quoted, cells, dots, told)
        quoted = []
        if raw.strip().casefold() == ORIGINAL:
            left = sum(1 for _ in rest) + 1
            yield f"{dots} {left} quoted lines", told
            return
        yield from ((part, "") for part in wrap(raw, cells))
    yield from _quote(quoted, cells, dots, told)


def _quote(quoted: list[str], cells: int, dots: str, told: str) -> Iterator[tuple[str, str]]:
    if len(quoted) >= QUOTE:
        yield f"{dots} {len(quoted)} quoted lines", told
        return
    for raw in quoted:
        yield from ((part, "muted") for part in wrap(raw, cells))


def _long(entry: JournalEntry, setting: Setting) -> list[tuple[str, str, str]]:
    """Changed fields whose values have no room in a line: name, before, after."""
    changes = entry.data.get("set")
    found = []
    for name, pair in changes.items() if isinstance(changes, Mapping) else ():
        old, new = pair if isinstance(pair, list | tuple) and len(pair) == 2 else ("", pair)
        texts = value_text(old, setting), value_text(new, setting)
        if any(len(text) > VALUE or "\n" in text for text in texts):
            found.append((str(name), *texts))
    return found


def _long_values(entry: JournalEntry, look: Look) -> Iterator[Line]:
    for name, old, new in _long(entry, look.setting):
        for title, text in ((f"{name} before:", old), (f"{name} after:", new)):
            yield line("  ", Span(clean_line(title.replace("_", " ")), "muted"))
            for part in wrap(text, look.cells - 4):
                yield line("    ", part)


def _attached(entry: JournalEntry) -> Iterator[str]:
    """A line for each file that came with it: "attached: dump.txt, 12.4 kB"."""
    from supporttui.desk.file_words import size_text

    files = entry.data.get("attachments")
    for one in files if isinstance(files, list | tuple) else ():
        if isinstance(one, Mapping):
            size = one.get("size", one.get("bytes"))
            shown = f", {size_text(size)}" if isinstance(size, int) else ""
            yield f"attached: {clean_line(str(one.get('name') or 'a file'))}{shown}"
        else:
            yield f"attached: {clean_line(str(one))}"


def _lacking(entry: JournalEntry) -> Iterator[str]:
    """What the policy asks for with every report and this one did not say."""
    names = entry.data.get("missing")
    if entry.kind == "reported" and isinstance(names, list | tuple) and names:
        yield "not said: " + ", ".join(clean_line(str(name)).replace("_", " ") for name in names)


# -- dividers ---------------------------------------------------------------------------------------


def rule(words: str, look: Look, role: str = "muted") -> Line:
    """A line across the text with words on it."""
    glyph = look.setting.glyphs.rule
    said = f"{glyph * 2} {words} "
    return fit_line(
        line(Span(said, role), Span(glyph * max(0, look.cells - width(said)), "muted")), look.cells
    )


def since(count: str, at: datetime | None, look: Look) -> str:
    """ "2 new since 14:02"."""
    return f"{count} new" + (f" since {clock_text(at, look.setting.zone, look.now)}" if at else "")
