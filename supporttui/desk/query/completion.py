"""What may be written at the cursor: field names, flags and values, on text that is still incomplete.

Never raises: a query that can't be parsed yet is the usual case here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from supporttui.desk.query.tree import value_text
from supporttui.desk.query.words import FIELDS, FLAGS, SORT_HELP, Field, field_named
from supporttui.quickclass import dataclass

MOST = 50  # nobody reads further

_Choice = tuple[str, str, str]  # as it must be written, help, as it is compared
Vocabulary = Mapping[str, Iterable[str]] | Callable[[str, str], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Completion:
    """Replace `text[start:end]` (0-based) by `text`.  help: one short line."""

    start: int
    end: int
    text: str
    help: str = ""


_TERM = re.compile(r"([A-Za-z][A-Za-z0-9_-]*):(.*)", re.DOTALL)
_LEAD = re.compile(r"[(-]*")
_RELATION = re.compile(r"<=|>=|<|>|=|")
_REST_OF_WORD = re.compile(r"[^\s()\",:]*:?")
_REST_OF_VALUE = re.compile(r"[^\s()\",]*")
_REST_OF_QUOTED = re.compile(r'[^"]*"')

_PAST = {">2d": "more than two days ago", "<1h": "in the last hour", "today": "", "yesterday": ""}
_FUTURE = {
    "<30m": "within 30 minutes, or over",
    "<8h": "within eight hours, or over",
    "today": "",
    "tomorrow": "",
}


def complete(text: str, cursor: int, vocabulary: Vocabulary | None = None) -> list[Completion]:
    """Completions at the cursor (0-based, between characters), best first, at most 50.

    vocabulary: known values, either field name → values, or a function of the field
    name and what is written so far.  Field names are those of `words.FIELDS`.
    """
    cursor = max(0, min(cursor, len(text)))
    start = _token_start(text[:cursor])
    written = text[start:cursor]
    start += len(_LEAD.match(written)[0])  # type: ignore[index]  # it matches nothing at the least
    written = text[start:cursor]
    term = _TERM.fullmatch(written)
    if written.startswith('"'):
        return []
    if term is None:
        return _words(text, start, cursor)[:MOST]
    return _values(text, cursor, term[1], term[2], vocabulary)[:MOST]


def _token_start(before: str) -> int:
    """Where the token at the end of this text begins; blanks inside quotation marks don't part it."""
    start, quoted, position = 0, False, 0
    while position < len(before):
        char = before[position]
        if quoted and char == "\\":
            position += 1
        elif char == '"':
            quoted = not quoted
        elif not quoted and (char.isspace() or char == ")"):
            start = position + 1
        position += 1
    return start


def _words(text: str, start: int, cursor: int) -> list[Completion]:
    """Field names and flags that begin with what is written."""
    written = text[start:cursor].lower()
    rest = _REST_OF_WORD.match(text, cursor)
    end = rest.end() if rest else cursor
    fields = [(f"{field.name}:", field.help) for field in FIELDS if field.name.startswith(written)]
    flags = [(name, help) for name, help in FLAGS.items() if name.startswith(written)]
    order = [("sort:", "order of the list")] if "sort".startswith(written) else []
    return [Completion(start, end, *choice) for choice in (*fields, *flags, *order)]


def _values(
    text: str, cursor: int, name: str, written: str, vocabulary: Vocabulary | None
) -> list[Completion]:
    """Values that go on from what is written after the last comma."""
    piece = _last_piece(written)
    relation = _RELATION.match(piece)[0]  # type: ignore[index]  # it matches nothing at the least
    value = piece[len(relation) :]
    rest = (_REST_OF_QUOTED if value.startswith('"') else _REST_OF_VALUE).match(text, cursor)
    end = rest.end() if rest else cursor
    prefix = value.removeprefix('"').lower()
    return [
        Completion(cursor - len(piece), end, word, help)
        for word, help, plain in _related(relation, _choices(name, prefix, vocabulary))
        if plain.startswith(relation + prefix)
    ]


def _related(relation: str, choices: Iterable[_Choice]) -> Iterator[_Choice]:
    """The choices as they read behind a comparison that is already written."""
    for word, help, plain in choices:
        if not relation or word[0] in "<>":
            yield word, help, plain
        elif word != "none":
            yield relation + word, help, relation + plain


def _last_piece(written: str) -> str:
    """What stands after the last comma that isn't inside quotation marks."""
    start, quoted = 0, False
    for position, char in enumerate(written):
        if char == '"':
            quoted = not quoted
        elif char == "," and not quoted:
            start = position + 1
    return written[start:]


def _choices(name: str, prefix: str, vocabulary: Vocabulary | None) -> Iterator[_Choice]:
    """Every value that is known."""
    if name.lower() == "sort":
        for key, help in SORT_HELP.items():
            yield key, help, key
            yield f"-{key}", f"{help}, turned round", f"-{key}"
        return
    if name.lower() == "is":
        yield from ((flag, help, flag) for flag, help in FLAGS.items())
        return
    field = field_named(name)
    if field is None:
        return
    for value in _known(field, prefix, vocabulary):
        yield value_text(value), "", value.lower()
    for word, help in _fixed(field).items():
        yield word, help, word


def _known(field: Field, prefix: str, vocabulary: Vocabulary | None) -> Iterable[str]:
    """The vocabulary's values, without the empty one."""
    if vocabulary is None:
        return []
    values = vocabulary(field.name, prefix) if callable(vocabulary) else vocabulary.get(field.name, ())
    return (str(value) for value in values if str(value))


def _fixed(field: Field) -> Mapping[str, str]:
    """Words that always work with the field."""
    match field.kind:
        case "past":
            return _PAST
        case "future":
            return {**_FUTURE, "none": "not set"}
        case "text" if field.name == "owner":
            return {"@me": "me", "none": "nobody"}
        case "text" if field.name not in ("status", "subject"):
            return {"none": "unknown"}
        case _:
            return {}
