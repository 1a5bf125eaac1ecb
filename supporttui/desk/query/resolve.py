"""Tree → what the store is asked: every word gets its value, every time its instant.

Needs no policy and no store, so that `list` starts fast; with the names of a
policy it also understands severities by name and refuses unknown statuses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, tzinfo

from supporttui.desk.query.lexer import fault, shown
from supporttui.desk.query.moments import Now, instant_criterion
from supporttui.desk.query.tree import And, FlagTerm, Negation, Node, Or, Query, Term, Text, Value
from supporttui.desk.query.words import Field, field_named, nearest
from supporttui.errors import UsageError
from supporttui.store.criteria import AllOf, AnyOf, Compare, Criterion, Flag, Not, Operator, Sort, Words
from supporttui.store.frozen import frozen
from supporttui.when import parse_duration

LARGEST = 2**53  # numbers beyond it fit neither every store nor JSON


TYPE_CHECKING = False
if TYPE_CHECKING:  # defining protocols costs more than reading a query
    from typing import Protocol

    class NamedStatus(Protocol):
        @property
        def name(self) -> str: ...

    class NamedSeverity(NamedStatus, Protocol):
        @property
        def number(self) -> int: ...

    class PolicyWords(Protocol):
        """What a policy lends to a query: its severities and statuses by name."""

        @property
        def severities(self) -> Iterable[NamedSeverity]: ...
        @property
        def statuses(self) -> Iterable[NamedStatus]: ...


@frozen
class _Setting:
    """Everything outside the query that its meaning depends on."""

    at: Now
    me: str
    severities: Mapping[str, int]
    statuses: tuple[str, ...]


def resolve(
    query: Query,
    *,
    now: datetime,
    me: str,
    policy: PolicyWords | Mapping[str, int] | None = None,
    zone: tzinfo = UTC,
) -> tuple[Criterion, Sort]:
    """What to ask of the store, and in which order.

    now: aware; what "30m" and "today" are measured from.  zone: where days begin.
    me: the user, for @me and mine.  policy: a policy, or severity names → numbers.
    QueryError, with the column, for values that the field doesn't take.
    """
    setting = _setting(now.astimezone(UTC).replace(microsecond=0), me, policy, zone)
    return _node(query.tree, setting), query.sort or Sort()


def _setting(
    now: datetime, me: str, policy: PolicyWords | Mapping[str, int] | None, zone: tzinfo
) -> _Setting:
    names: Mapping[str, int] = {}
    statuses: tuple[str, ...] = ()
    if isinstance(policy, Mapping):
        names = {name.lower(): number for name, number in policy.items()}
    elif policy is not None:
        names = {severity.name.lower(): severity.number for severity in policy.severities}
        statuses = tuple(status.name for status in policy.statuses)
    return _Setting(Now(now, zone), me, names, statuses)


def _node(node: Node, setting: _Setting) -> Criterion:
    match node:
        case And(parts):
            return _all(_node(part, setting) for part in parts)
        case Or(parts):
            return _any(_node(part, setting) for part in parts)
        case Negation(part=part):
            return _not(_node(part, setting))
        case Text(text=text, phrase=phrase):
            return Words(text, phrase)
        case FlagTerm():
            return _flag(node, setting)
        case Term():
            return _term(node, setting)


def _all(parts: Iterable[Criterion]) -> Criterion:
    found = tuple(parts)
    return found[0] if len(found) == 1 else AllOf(found)


def _any(parts: Iterable[Criterion]) -> Criterion:
    found = tuple(parts)
    return found[0] if len(found) == 1 else AnyOf(found)


def _not(part: Criterion) -> Criterion:
    return part.part if isinstance(part, Not) else Not(part)


# -- flags


def _flag(flag: FlagTerm, setting: _Setting) -> Criterion:
    now = setting.at.now
    match flag.name:
        case "all":
            return AllOf()
        case "resolved" | "closed":
            return Not(Compare(f"{flag.name}_at", "=", None))
        case "overdue":
            return AllOf((Flag("open"), Compare("due", "<=", now)))
        case "waiting":
            return Compare("status", "starts", "waiting")
        case "mine":
            return Compare("owner", "=", _me(setting, flag.column))
        case "unassigned":
            return Compare("owner", "=", "")
        case "acknowledged" | "snoozed":
            return Compare(f"{flag.name}_until", ">", now)
        case _:
            return Flag(flag.name)


def _me(setting: _Setting, column: int) -> str:
    if not setting.me:
        raise fault(column, "who you are is not known here; write owner:NAME instead")
    return setting.me


# -- fields


def _term(term: Term, setting: _Setting) -> Criterion:
    field = field_named(term.name)
    if field is None:
        raise fault(term.column, f"no field {shown(term.name)}")
    read = _READERS[field.kind]
    return _any(read(field, value, setting) for value in term.values)


def _instant(field: Field, value: Value, setting: _Setting) -> Criterion:
    return instant_criterion(field, value, setting.at)


def _text(field: Field, value: Value, setting: _Setting) -> Criterion:
    if value.relation:
        sign = "range" if value.relation == ".." else shown(value.relation)
        raise fault(value.column, f"{field.name} is text and takes no {sign}")
    text = value.text
    if value.quoted:
        return Compare(field.column, "=" if field.exact or not text else "contains", text)
    match text.lower():
        case "none":
            return Compare(field.column, "=", "")
        case "any" | "*":
            return Not(Compare(field.column, "=", ""))
    if field.name == "owner" and text.startswith("@"):
        return Compare("owner", "=", _me(setting, value.column) if text.lower() == "@me" else text[1:])
    if "*" in text:
        return _wild(field, value)
    if field.name == "status":
        _check_status(value, setting)
    return Compare(field.column, "=" if field.exact else "contains", text)


def _wild(field: Field, value: Value) -> Criterion:
    """`Hyper*` begins with, `*IP*` contains; other places of the asterisk are refused."""
    inner = value.text[value.text.startswith("*") : -1]
    if not value.text.endswith("*") or "*" in inner or not inner:
        raise fault(value.column, "an asterisk stands at the end (Hyper*) or on both sides (*IP*)")
    operator: Operator = "contains" if value.text.startswith("*") else "starts"
    return Compare(field.column, operator, inner)


def _check_status(value: Value, setting: _Setting) -> None:
    known = setting.statuses
    if known and value.text.lower() not in {name.lower() for name in known}:
        raise fault(
            value.column,
            f"no status {shown(value.text)} in this policy; there are {', '.join(known)}",
            nearest(value.text, known),
        )


def _severity(field: Field, value: Value, setting: _Setting) -> Criterion:
    return _numeric(field, value, lambda text: _severity_number(text, value.column, setting))


def _severity_number(text: str, column: int, setting: _Setting) -> int:
    found = setting.severities.get(text.strip().lower())
    if found is not None:
        return found
    if text.isascii() and text.isdecimal() and len(text) <= 2:
        return int(text)
    names = tuple(setting.severities)
    listed = f" or one of {', '.join(names)}" if names else ""
    raise fault(
        column, f"{shown(text)} is no severity; write a number such as 1{listed}", nearest(text, names)
    )


def _number(field: Field, value: Value, setting: _Setting) -> Criterion:
    word = value.text.lower()
    if field.name != "number" and word in ("none", "any") and not value.relation:
        unset = Compare(field.column, "=", 0)
        return unset if word == "none" else Not(unset)
    return _numeric(field, value, lambda text: _whole(field, text, value.column))


def _whole(field: Field, text: str, column: int) -> int:
    """A whole number; logged time also as a length of time."""
    digits = text.strip().removeprefix("#")
    if digits.isascii() and digits.isdecimal():
        if len(digits) > 16 or int(digits) > LARGEST:
            raise fault(column, f"{shown(text)} is too large a number")
        return int(digits)
    if field.name == "logged":
        try:
            return int(parse_duration(text).total_seconds()) // 60
        except UsageError:
            raise fault(column, f"{shown(text)} is neither minutes nor a length such as 2h30m") from None
    raise fault(column, f"{field.name} takes a number, not {shown(text)}")


def _numeric(field: Field, value: Value, read: Callable[[str], int]) -> Criterion:
    """A comparison or a range, both ends included, of whole numbers."""
    if value.relation != "..":
        return Compare(field.column, value.relation or "=", read(value.text))
    low, high = (read(text) if text else None for text in (value.text, value.upto))
    if low is not None and high is not None and low > high:
        raise fault(value.column, "the range begins after its end")
    ends: tuple[tuple[Operator, int | None], ...] = ((">=", low), ("<=", high))
    return _all(Compare(field.column, operator, end) for operator, end in ends if end is not None)


_READERS: Mapping[str, Callable[[Field, Value, _Setting], Criterion]] = {
    "text": _text,
    "severity": _severity,
    "number": _number,
    "past": _instant,
    "future": _instant,
}
