"""A mapping file: how the columns of somebody else's tickets become the fields of ours.

TOML.  Every field names where its value comes from: a column (dotted names reach
into JSON), the first of several columns that is filled, a constant, or a template;
then a map of values, and a default.  See docs/examples/servicenow-incidents.toml.
"""

from __future__ import annotations

import codecs
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any

from supporttui.errors import DataError, UsageError
from supporttui.intake.rows import Row
from supporttui.when import instant_of, parse_instant, zone_of

# Fields of a ticket that stay as first reported, or change by a plain change of fields.
PLAIN_FIELDS = (
    "subject", "description", "customer", "contact", "contact_email", "contact_phone", "site", "product",
    "release", "os", "os_release", "channel", "category", "environment", "plan",
)  # fmt: skip
TICKET_FIELDS = ("external_id", "reported_at", "tags", "resolved_at", "closed_at", *PLAIN_FIELDS)
TEXT_KINDS = ("reply", "customer", "note")
EVENT_FIELDS = ("time", "actor", "severity", "status", "owner", *TEXT_KINDS)
SOURCE_KEYS = ("column", "value", "template", "map", "default", "format")
TOP_KEYS = (
    "title", "zone", "delimiter", "encoding", "empty", "json_columns", "group_by", "grouped", "ticket", "event",
)  # fmt: skip
_HOLE = re.compile(r"\{([^{}]+)\}")
_LARGEST = 1 << 20


class Rejected(ValueError):
    """One row can't be taken; `str` says why, in one line."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where one field comes from.

    columns: the first that is filled counts.  values: map of what is written there
    to our value; `others`: what unlisted values become (None: the row is rejected).
    form: strptime format of a time, "" for ISO.
    """

    field: str
    columns: tuple[str, ...] = ()
    value: str | None = None
    template: str = ""
    values: Mapping[str, str] | None = None
    others: str | None = None
    default: str = ""
    form: str = ""

    def read(self, row: Row, empty: frozenset[str]) -> str:
        """The text of this field in a row, "" when unknown.  Rejected for a value not in the map."""
        raw = self._raw(row, empty)
        if not raw or self.values is None:
            return raw or self.default
        found = self.values.get(raw.lower(), self.others)
        if found is None:
            raise Rejected(f"{self.field}: no value for {_shown(raw)} in the mapping")
        return found

    def _raw(self, row: Row, empty: frozenset[str]) -> str:
        if self.value is not None:
            return self.value
        if self.template:
            filled = _HOLE.sub(lambda hole: self._cell(row, hole[1], empty), self.template)
            return " ".join(filled.split())
        for column in self.columns:
            if found := self._cell(row, column, empty):
                return found
        return ""

    def _cell(self, row: Row, column: str, empty: frozenset[str]) -> str:
        text = row.text(column).strip()
        return "" if text in empty else text


@dataclass(frozen=True, slots=True)
class ImportMapping:
    """A mapping file that was read and checked.

    zone: of times without an offset.  group_by: rows with the same value are one
    ticket's history ("" : every row is a ticket).  grouped: such rows stand together
    in the file, so that it can be read without holding all of it in memory.
    """

    title: str
    ticket: Mapping[str, Source]
    event: Mapping[str, Source]
    zone: tzinfo = UTC
    delimiter: str = ","
    encoding: str = "utf-8-sig"
    empty: frozenset[str] = frozenset()
    json_columns: tuple[str, ...] = ()
    group_by: str = ""
    grouped: bool = False
    columns: tuple[str, ...] = field(default=())

    def text(self, table: Mapping[str, Source], name: str, row: Row) -> str:
        """A field of a row as text, "" when unknown or not mapped."""
        source = table.get(name)
        return source.read(row, self.empty) if source else ""

    def instant(self, table: Mapping[str, Source], name: str, row: Row) -> datetime | None:
        """A field of a row as an instant (UTC), None when unknown.  Rejected when unreadable."""
        text = self.text(table, name, row)
        if not text:
            return None
        try:
            return _instant(text, table[name].form, self.zone)
        except (UsageError, ValueError):
            raise Rejected(f"{name}: {_shown(text)} is not a time") from None


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@lru_cache(maxsize=4096)  # rows of one history repeat the time of the report
def _instant(text: str, form: str, zone: tzinfo) -> datetime:
    if not form:
        if not text[:4].isdigit():
            raise ValueError("words such as today mean nothing in a file")
        return parse_instant(text, now=_EPOCH, zone=zone)
    local = datetime.strptime(text, form).replace(microsecond=0)  # noqa: DTZ007
    return local.astimezone(UTC) if local.tzinfo else instant_of(local, zone)


def read_mapping(path: str | Path) -> ImportMapping:
    """The mapping in a TOML file.  DataError: one line with file, key and nearest word."""
    path = Path(path)
    try:
        if path.stat().st_size > _LARGEST:
            raise DataError(f"{path.name}: larger than 1 MiB, so it is no mapping")
        raw = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise DataError(f"{path}: can't be read: {(error.strerror or 'error').lower()}") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise DataError(f"{path.name}: not TOML: {' '.join(str(error).split())}") from None
    try:
        return _checked(raw)
    except _Fault as fault:
        raise DataError(f"{path.name}: {fault}") from None


class _Fault(ValueError):
    """What is wrong with the mapping: the key first."""


def _checked(raw: Mapping[str, Any]) -> ImportMapping:
    _known(raw, TOP_KEYS, "")
    group_by = _text(raw, "group_by")
    ticket = _table(raw, "ticket", TICKET_FIELDS)
    event = _table(raw, "event", EVENT_FIELDS)
    for name in ("resolved_at", "closed_at"):
        if group_by and name in ticket:
            raise _Fault(f"ticket.{name}: follows from the history when rows are grouped; leave it out")
    if group_by and "time" not in event:
        raise _Fault("event.time: missing; a history needs the time of every row")
    if not group_by and "external_id" not in ticket:
        raise _Fault("ticket.external_id: missing; without it a second import would double every ticket")
    if "subject" not in ticket:
        raise _Fault("ticket.subject: missing; every ticket needs a subject")
    if "severity" not in event:
        raise _Fault("event.severity: missing; every ticket needs a severity")
    return ImportMapping(
        title=_text(raw, "title"),
        ticket=ticket,
        event=event,
        zone=_zone(raw),
        delimiter=_delimiter(raw),
        encoding=_encoding(raw),
        empty=frozenset(_texts(raw, "empty")),
        json_columns=_texts(raw, "json_columns"),
        group_by=group_by,
        grouped=_flag(raw, "grouped"),
        columns=_columns((*ticket.values(), *event.values()), group_by),
    )


def _columns(sources: Iterable[Source], group_by: str) -> tuple[str, ...]:
    """Every column that the mapping names, in order."""
    named = [group_by] if group_by else []
    for source in sources:
        named += [*source.columns, *_HOLE.findall(source.template)]
    return tuple(dict.fromkeys(named))


def _table(raw: Mapping[str, Any], key: str, names: tuple[str, ...]) -> dict[str, Source]:
    table = raw.get(key, {})
    if not isinstance(table, dict):
        raise _Fault(f"{key}: expected a table")
    _known(table, names, f"{key}.")
    return {name: _source(f"{key}.{name}", name, written) for name, written in table.items()}


def _source(key: str, name: str, written: Any) -> Source:
    if isinstance(written, str):
        return Source(name, columns=(written,))
    if not isinstance(written, dict):
        raise _Fault(f'{key}: expected the name of a column or a table such as {{ column = "…" }}')
    _known(written, SOURCE_KEYS, f"{key}.")
    if sum(part in written for part in ("column", "value", "template")) != 1:
        raise _Fault(f"{key}: needs exactly one of column, value and template")
    values, others = _value_map(key, written.get("map"))
    return Source(
        name,
        columns=_texts(written, "column", f"{key}."),
        value=_plain(f"{key}.value", written["value"]) if "value" in written else None,
        template=_text(written, "template", f"{key}."),
        values=values,
        others=others,
        default=_plain(f"{key}.default", written.get("default", "")),
        form=_text(written, "format", f"{key}."),
    )


def _value_map(key: str, written: Any) -> tuple[dict[str, str] | None, str | None]:
    """The map with its keys folded, and what "*" gives for all the others."""
    if written is None:
        return None, None
    if not isinstance(written, dict):
        raise _Fault(f"{key}.map: expected a table of their values to ours")
    values = {their.lower(): _plain(f"{key}.map", ours) for their, ours in written.items()}
    return values, values.pop("*", None)


def _known(table: Mapping[str, Any], names: Iterable[str], where: str) -> None:
    names = tuple(names)
    for key in table:
        if key not in names:
            close = get_close_matches(key, names, n=1)
            hint = f"; did you mean '{close[0]}'?" if close else f"; there are {', '.join(names)}"
            raise _Fault(f"{where}{key}: no such key{hint}")


def _plain(key: str, value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise _Fault(f"{key}: expected text or a whole number")
    return str(value)


def _text(table: Mapping[str, Any], key: str, where: str = "") -> str:
    value = table.get(key, "")
    if not isinstance(value, str):
        raise _Fault(f"{where}{key}: expected text")
    return value


def _texts(table: Mapping[str, Any], key: str, where: str = "") -> tuple[str, ...]:
    value = table.get(key, ())
    listed = [value] if isinstance(value, str) else value
    if not isinstance(listed, list | tuple) or not all(isinstance(one, str) for one in listed):
        raise _Fault(f"{where}{key}: expected text or a list of texts")
    return tuple(listed)


def _flag(table: Mapping[str, Any], key: str) -> bool:
    value = table.get(key, False)
    if not isinstance(value, bool):
        raise _Fault(f"{key}: expected true or false")
    return value


def _zone(raw: Mapping[str, Any]) -> tzinfo:
    try:
        return zone_of(_text(raw, "zone") or "UTC")
    except UsageError as error:
        raise _Fault(f"zone: {error}") from None


def _delimiter(raw: Mapping[str, Any]) -> str:
    value = _text(raw, "delimiter") or ","
    if len(value) != 1 or value in '"\r\n':
        raise _Fault("delimiter: expected one character, such as , or ;")
    return value


def _encoding(raw: Mapping[str, Any]) -> str:
    value = _text(raw, "encoding") or "utf-8-sig"
    try:
        codecs.lookup(value)
    except (LookupError, ValueError):
        raise _Fault(f"encoding: {_shown(value)} is not an encoding; write utf-8 or latin-1") from None
    return value


def _shown(text: str) -> str:
    line = " ".join(text.split())
    return f"'{line[:60]}…'" if len(line) > 61 else f"'{line}'"
