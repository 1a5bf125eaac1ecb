"""What a query says, as a tree that knows its columns, and the tree as text again.

Two trees are equal when they say the same: columns don't count.  `to_text` is
the inverse of `parse`: `parse(to_text(tree)).tree == tree` for every parsed tree.
"""

from __future__ import annotations

import re
from typing import Literal

from supporttui.desk.query.words import FLAGS, OPERATOR_WORDS
from supporttui.store.criteria import Sort
from supporttui.store.frozen import frozen

Relation = Literal["", "<", "<=", ">", ">=", ".."]


def _says(node: object) -> tuple[object, ...]:
    """What counts when two of them are compared: all but where it was written, and how."""
    names: tuple[str, ...] = type(node).__slots__  # type: ignore[attr-defined]  # all of them have it
    return tuple(getattr(node, name) for name in names[:-1])


def _says_the_same(self: object, other: object) -> bool:
    return type(self) is type(other) and _says(self) == _says(other)


def _hash(self: object) -> int:
    return hash((type(self).__name__, _says(self)))


@frozen
class Value:
    """One value after the colon.

    relation: how the field compares to it, "" for plain; ".." is a range from
    `text` to `upto`, either of which may be "" (open), not both.
    quoted: written in quotation marks, so that none, any, @me and * are only characters.
    """

    relation: Relation
    text: str
    upto: str = ""
    quoted: bool = False
    column: int = 0

    __eq__ = _says_the_same
    __hash__ = _hash


@frozen
class Term:
    """`name:value,value`: the field has one of the values.  name: as in `words.FIELDS`."""

    name: str
    values: tuple[Value, ...]
    column: int = 0

    __eq__ = _says_the_same
    __hash__ = _hash


@frozen
class FlagTerm:
    """A condition that is one word, as in `words.FLAGS`."""

    name: str
    column: int = 0

    __eq__ = _says_the_same
    __hash__ = _hash


@frozen
class Text:
    """Free text: one word, or a phrase that was quoted."""

    text: str
    phrase: bool = False
    column: int = 0

    __eq__ = _says_the_same
    __hash__ = _hash


@frozen
class And:
    """All of two or more; none at all for the empty query."""

    parts: tuple[Node, ...] = ()


@frozen
class Or:
    """One of two or more."""

    parts: tuple[Node, ...]


@frozen
class Negation:
    part: Node
    column: int = 0

    __eq__ = _says_the_same
    __hash__ = _hash


Node = Term | FlagTerm | Text | And | Or | Negation


@frozen
class Query:
    """A parsed query.  sort is None when it names no order; text is what was written."""

    tree: Node
    sort: Sort | None
    text: str

    __eq__ = _says_the_same
    __hash__ = _hash


def to_text(tree: Node, sort: Sort | None = None) -> str:
    """The query that says this, in one canonical spelling."""
    written = _or_level(tree)
    if sort is None:
        return written
    order = f"sort:{'-' if sort.descending else ''}{sort.key}"
    if isinstance(tree, Or):
        written = f"({written})"
    return f"{written} {order}".lstrip()


def _or_level(node: Node) -> str:
    if isinstance(node, Or):
        return " or ".join(_and_level(part) for part in node.parts)
    return _and_level(node)


def _and_level(node: Node) -> str:
    if isinstance(node, And):
        return " ".join(_single(part) for part in node.parts)
    return _single(node)


def _single(node: Node) -> str:
    match node:
        case And() | Or():
            return f"({_or_level(node)})"
        case Negation(part=part):
            return f"-{_single(part)}"
        case Term(name="number", values=(Value(relation="", text=text, quoted=False),)) if text.isdecimal():
            return f"#{text}"
        case Term(name=name, values=values):
            return f"{name}:{','.join(_value(value) for value in values)}"
        case FlagTerm(name=name):
            return name
        case Text(text=text, phrase=True):
            return quoted(text)
        case Text(text=text):
            return text


def _value(value: Value) -> str:
    if value.relation == "..":
        return f"{_word(value.text)}..{_word(value.upto)}"
    return f"{value.relation}{quoted(value.text) if value.quoted else value.text}"


_PLAIN = r"[^\s()\",<>=.\\-][^\s()\",\\]*"


def _word(text: str) -> str:
    """One end of a range: bare where the lexer would read it back so."""
    bare = not text or (re.fullmatch(_PLAIN, text) and ".." not in text and not text.endswith("."))
    return text if bare else quoted(text)


def quoted(text: str) -> str:
    """The text in quotation marks, with those inside it escaped."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def value_text(text: str) -> str:
    """A value from data as it must be written after the colon to mean just itself."""
    special = text.lower() in ("none", "any") or text.startswith("@") or ".." in text or "*" in text
    return text if re.fullmatch(_PLAIN, text) and not special else quoted(text)


def word_text(text: str) -> str:
    """Free text from data as it must be written to be searched for as it stands."""
    reserved = {*FLAGS, *OPERATOR_WORDS}
    plain = re.fullmatch(r"[^\s()\"\\:<>=#!-][^\s()\"\\:<>=]*", text)
    return text if plain and text.lower() not in reserved else quoted(text)
