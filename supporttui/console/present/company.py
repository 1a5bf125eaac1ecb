"""Who else is on a ticket, in a few cells of its row and in words beside it; and whether it has news.

Invariant: it is advice.  Nothing here waits, asks or forbids, and no name reaches a span unclean.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import TYPE_CHECKING

from supporttui.quickclass import dataclass
from supporttui.terminal.safe import clean_line, clip, width

from .setting import Setting
from .spans import Line, Span, line

if TYPE_CHECKING:
    from supporttui.desk.presence import Here

NAME_CELLS = 12
SUBJECT_KEEPS = 18  # cells that a subject has left beside names, or there is the glyph alone
WORDS_FROM = 40  # cells of a subject from which on the row says "raj replies", not only the name
DOING = {
    "": ("reads", "is reading"),
    "reply": ("replies", "is replying"),
    "note": ("notes", "is writing a note"),
    "call": ("calls", "is on the telephone"),
    "resolve": ("resolves", "is resolving it"),
    "close": ("closes", "is closing it"),
    "acknowledge": ("acknowledges", "is acknowledging it"),
    "escalate": ("escalates", "is escalating it"),
}
OTHER = ("changes", "is changing it")


@dataclass(frozen=True, slots=True)
class Company:
    """What is known of the others.

    here: who is on which ticket, writers first.  unseen: tickets with entries of
    others that the analyst has not seen.
    """

    here: Mapping[int, Sequence[Here]] = field(default_factory=dict)
    unseen: frozenset[int] = frozenset()

    def on(self, number: int) -> Sequence[Here]:
        return self.here.get(number, ())


def name(actor: str, setting: Setting) -> str:
    """A name as it is shown: inert and not long."""
    return clip(clean_line(actor), NAME_CELLS, ellipsis=setting.glyphs.ellipsis) or "somebody"


def tag(here: Sequence[Here], subject_cells: int, setting: Setting) -> Line:
    """The end of a row's subject: "» raj replies", "» raj +1", or the glyph alone; nothing for nobody."""
    if not here:
        return ()
    first, glyphs = here[0], setting.glyphs
    mark, role = (glyphs.writing, "warning") if first.doing else (glyphs.reading, "muted")
    who = name(first.actor, setting)
    verb = DOING.get(first.doing, OTHER)[0]
    more = f" +{len(here) - 1}" if len(here) > 1 else ""
    for words in ([f"{who} {verb}{more}"] if subject_cells >= WORDS_FROM else []) + [f"{who}{more}"]:
        if subject_cells - width(words) - 3 >= SUBJECT_KEEPS:
            return line(Span(f" {mark}{words}", role))
    return line(Span(f" {mark}", role)) if subject_cells > 4 else ()


def sentence(here: Sequence[Here], setting: Setting, *, too: str = "") -> str:
    """ "ana is replying, 2 min · raj is reading".

    too: the verb that the analyst writes: who does the same does it "too".
    """
    return f" {setting.glyphs.dot} ".join(_clause(one, setting, too) for one in here)


def short(here: Sequence[Here], setting: Setting) -> str:
    """ "ana replies +1": where the sentence has no room."""
    if not here:
        return ""
    more = f" +{len(here) - 1}" if len(here) > 1 else ""
    return f"{name(here[0].actor, setting)} {DOING.get(here[0].doing, OTHER)[0]}{more}"


def _clauses(here: Sequence[Here], setting: Setting) -> Line:
    """The whole sentence, those who write more to the eye than those who read."""
    spans: list[Span] = []
    for one in here:
        between = Span(f" {setting.glyphs.dot} " if spans else "", "muted")
        spans += [between, Span(_clause(one, setting, ""), "warning" if one.doing else "muted")]
    return line(*spans)


def _clause(one: Here, setting: Setting, too: str) -> str:
    words = DOING.get(one.doing, OTHER)[1]
    also = " too" if too and one.doing == too else ""
    return f"{name(one.actor, setting)} {words}{also}{_age(one.seconds) if one.doing else ''}"


def _age(seconds: int) -> str:
    """Minutes, then hours, so that the text changes once a minute at most."""
    if seconds < 60:
        return ""
    return f", {seconds // 60} min" if seconds < 3600 else f", {seconds // 3600} h"


def beside(here: Sequence[Here], cells: int, setting: Setting) -> Line:
    """Who is here, in at most so many cells; the whole sentence, the first one in short, or nothing."""
    if not here:
        return ()
    role = "warning" if here[0].doing else "muted"
    if width(sentence(here, setting)) <= cells:
        return _clauses(here, setting)
    for words in (sentence(here[:1], setting), short(here, setting)):
        if width(words) <= cells:
            return line(Span(words, role))
    return line(Span(clip(short(here, setting), cells, ellipsis=setting.glyphs.ellipsis), role))
