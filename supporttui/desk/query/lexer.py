"""Cuts a query into tokens that know their columns.

Blanks separate; parentheses and quotation marks end a word.  A name and its
colon belong to one token together with all of its values, so that the parser
never has to ask about blanks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from supporttui.desk.query.tree import Relation, Value
from supporttui.desk.query.words import field_named, field_names, nearest
from supporttui.errors import QueryError
from supporttui.store.frozen import frozen

TokenKind = Literal["(", ")", "-", "word", "phrase", "number", "term", "end"]


@frozen
class Token:
    """kind "term": text is the name as written, values follow it.  column is 1-based."""

    kind: TokenKind
    text: str
    column: int
    values: tuple[Value, ...] = ()


_BLANK = re.compile(r"\s+")
_NAME = re.compile(r"([A-Za-z][A-Za-z0-9_-]*):")
_COMPARED = re.compile(r"([A-Za-z][A-Za-z0-9_-]*)(?=[<>=])")
_NUMBER = re.compile(r"#([0-9]+)(?![^\s()])")
_WORD = re.compile(r"[^\s()\"]+")
_RELATION = re.compile(r"<=|>=|<|>|=|")
_BARE = re.compile(r"(?:(?!\.\.)[^\s()\",])+")
_UNFIT = re.compile("[\x00\ud800-\udfff]")


def fault(column: int, what: str, near: str = "") -> QueryError:
    """The one line for a fault at a 1-based column, with the nearest word where there is one."""
    hint = f"; did you mean '{near}'?" if near else ""
    return QueryError(f"column {column}: {what}{hint}", column=column, nearest=near)


def shown(text: str) -> str:
    """A piece of the query inside an error line: short, on one line, quoted."""
    line = " ".join(text.split())
    return f"'{line[:30]}…'" if len(line) > 31 else f"'{line}'"


def tokens(text: str) -> Iterator[Token]:
    """The tokens, with one "end" at last.  QueryError where there is none to be had.

    What no store can hold (NUL, lone surrogates) is read as a replacement character.
    """
    text = _UNFIT.sub("\ufffd", text)
    position = 0
    while True:
        if blank := _BLANK.match(text, position):
            position = blank.end()
        if position >= len(text):
            yield Token("end", "", len(text) + 1)
            return
        token, position = _next(text, position)
        yield token


def _next(text: str, start: int) -> tuple[Token, int]:
    """The token that begins here, and where it ends."""
    char, column = text[start], start + 1
    if char in "()":
        return Token(char, char, column), start + 1  # type: ignore[arg-type]  # "(" or ")"
    if char == "-":
        if start + 1 >= len(text) or text[start + 1].isspace():
            raise fault(column, "a '-' must stand right before what it negates")
        return Token("-", char, column), start + 1
    if char == '"':
        phrase, end = _quoted(text, start)
        return Token("phrase", phrase, column), end
    if number := _NUMBER.match(text, start):
        return Token("number", number[1], column), number.end()
    return _named(text, start) or _word(text, start)


def _named(text: str, start: int) -> tuple[Token, int] | None:
    """`name:values` or `name<value`; None when it is just a word."""
    named = _NAME.match(text, start)
    if named is not None:
        if named[1].lower() not in ("sort", "is") and field_named(named[1]) is None:
            raise _no_field(named[1], start + 1)
        values, end = _values(text, named.end(), named[0])
        return Token("term", named[1], start + 1, values), end
    compared = _COMPARED.match(text, start)
    if compared is None or field_named(compared[1]) is None:
        return None
    values, end = _values(text, compared.end(), compared[0])
    return Token("term", compared[1], start + 1, values), end


def _no_field(name: str, column: int) -> QueryError:
    near = nearest(name, field_names())
    advice = "" if near else "; put quotation marks around words to search for"
    return fault(column, f"no field {shown(name)}{advice}", near)


def _word(text: str, start: int) -> tuple[Token, int]:
    match = _WORD.match(text, start)
    assert match is not None  # every other first character was taken before
    return Token("word", match[0], start + 1), match.end()


def _values(text: str, position: int, after: str) -> tuple[tuple[Value, ...], int]:
    """The comma-separated values that begin here."""
    found: list[Value] = []
    while True:
        value, position = _value(text, position, after)
        found.append(value)
        if not text.startswith(",", position):
            return tuple(found), position
        position, after = position + 1, ","


def _value(text: str, start: int, after: str) -> tuple[Value, int]:
    """One value, with its comparison or range."""
    relation = _RELATION.match(text, start)
    assert relation is not None  # it matches nothing at the least
    low, quoted, position = _atom(text, relation.end())
    if not text.startswith("..", position):
        if position == relation.end():
            raise fault(position + 1, f"nothing after {shown(relation[0] or after)}")
        return Value(_relation(relation[0]), low, quoted=quoted, column=start + 1), position
    if relation[0]:
        raise fault(start + 1, f"a range takes no {shown(relation[0])}")
    high, _, position = _atom(text, position + 2)
    if not low and not high:
        raise fault(start + 1, "a range needs a beginning or an end")
    return Value("..", low, high, column=start + 1), position


def _relation(written: str) -> Relation:
    match written:
        case "<" | "<=" | ">" | ">=":
            return written
        case _:
            return ""


def _atom(text: str, start: int) -> tuple[str, bool, int]:
    """Quoted text or a bare piece (perhaps empty): text, whether quoted, end."""
    if text.startswith('"', start):
        content, end = _quoted(text, start)
        if end < len(text) and not (text[end].isspace() or text[end] in "(),." or text.startswith("..", end)):
            raise fault(end + 1, "a blank is missing after the quotation mark")
        return content, True, end
    bare = _BARE.match(text, start)
    if bare is None:
        return "", False, start
    if bare[0][0] in "<>=":
        raise fault(start + 1, f"one comparison is enough; {shown(bare[0][0])} is left over")
    return bare[0], False, bare.end()


def _quoted(text: str, start: int) -> tuple[str, int]:
    r"""The text between the marks (`\"` and `\\` stand for themselves), and where it ends."""
    content: list[str] = []
    position = start + 1
    while position < len(text):
        char = text[position]
        if char == '"':
            return "".join(content), position + 1
        if char == "\\" and text[position + 1 : position + 2] in ('"', "\\"):
            position += 1
            char = text[position]
        content.append(char)
        position += 1
    raise fault(start + 1, "the quotation mark is never closed")
